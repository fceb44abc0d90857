-- Notices become deliveries in their order too: one index for both, by the action they are about.
DROP INDEX outbox_in_order;
CREATE INDEX outbox_in_order ON outbox (action_id, id) WHERE delivered_at IS NULL AND failed_at IS NULL;
