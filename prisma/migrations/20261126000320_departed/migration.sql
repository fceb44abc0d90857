-- When the identity provider deleted somebody: for it there is nobody by that id any more, while their history stays here.
ALTER TABLE person ADD COLUMN departed_at timestamptz(6);
