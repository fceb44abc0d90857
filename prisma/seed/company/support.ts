import type { Customer } from './commerce';
import type { Row } from './copy-rows';
import { type Employee, pickEmployed } from './people';
import { addDays, earlier, isoDay, type Randomness, TODAY } from './randomness';

const SUBJECTS = [
  'Delivery {n} arrived with two cartons missing',
  'Invoice {n} shows the wrong VAT number',
  'Please change our delivery address',
  'Order {n} has not been shipped yet',
  'Damaged pallet in delivery {n}',
  'Can we move to 30 days payment terms?',
  'Refund for cancelled order {n}',
  'Wrong size of safety boots in order {n}',
  'Cannot sign in to the customer portal',
  'Please delete our old contact person',
  'Duplicate direct debit for invoice {n}',
  'Quote for 40 shelving bays',
] as const;
const COMMENTS = [
  'Called the customer, they will send photos by tomorrow.',
  'Warehouse confirms the cartons were left behind. Re-shipping today.',
  'Customer asked for {name} to be the new contact, phone {phone}.',
  'Credit note requested from Finance.',
  'Waiting for the carrier to answer.',
  'Address changed after checking it by phone with {name}.',
  'Refund approved by the team lead.',
  'Closed without answer after two reminders.',
  'Customer is happy with the replacement.',
  'Escalated: third complaint this quarter.',
] as const;
const SERVICES = [
  'payroll provider',
  'bank file transfer',
  'carrier booking',
  'tax filing',
  'e-mail delivery',
  'customer portal',
  'data warehouse',
  'identity provider',
  'telephony',
  'document store',
] as const;

function createTicket(
  r: Randomness,
  id: number,
  customers: readonly Customer[],
  agents: readonly Employee[],
): Row & { opened_at: Date } {
  const customer = r.pick(customers);
  const end = customer.closed_on ? new Date(customer.closed_on) : TODAY;
  const opened = r.between(customer.created_at, end);
  const status =
    opened > addDays(TODAY, -45)
      ? r.weighted([
          ['open', 5],
          ['waiting', 3],
          ['solved', 4],
        ] as const)
      : r.weighted([
          ['closed', 85],
          ['solved', 9],
          ['waiting', 3],
          ['open', 3],
        ] as const);
  const closed =
    status === 'closed' || status === 'solved' ? earlier(addDays(opened, r.int(1, 40)), TODAY) : null;
  return {
    id,
    customer_id: customer.id,
    assignee_id: r.chance(0.88) ? pickEmployed(r, agents, opened) : null,
    subject: r.pick(SUBJECTS).replace('{n}', String(r.int(100_000, 999_999))),
    priority: r.weighted([
      ['low', 3],
      ['normal', 6],
      ['urgent', 1],
    ] as const),
    status,
    opened_at: opened,
    closed_at: closed,
    updated_at: closed ?? earlier(addDays(opened, r.int(0, 10)), TODAY),
  };
}

/** About 5,000 tickets with their comments. */
export function createSupport(
  r: Randomness,
  customers: readonly Customer[],
  agents: readonly Employee[],
): { tickets: Row[]; comments: Row[] } {
  const tickets = Array.from({ length: 5000 }, (_, index) => createTicket(r, index + 1, customers, agents));
  const comments: Row[] = [];
  for (const ticket of tickets) {
    for (
      let n = r.weighted([
        [0, 2],
        [1, 4],
        [2, 3],
        [3, 2],
      ] as const);
      n > 0;
      n--
    ) {
      const written = earlier(addDays(ticket.opened_at, r.int(0, 9)), TODAY);
      comments.push({
        id: comments.length + 1,
        ticket_id: ticket.id ?? null,
        author_id: r.chance(0.95) ? pickEmployed(r, agents, written) : null,
        body: r
          .pick(COMMENTS)
          .replace('{name}', r.faker.person.fullName())
          .replace('{phone}', r.faker.helpers.fromRegExp('+44 7[0-9]{3} [0-9]{6}')),
        created_at: written,
      });
    }
  }
  return { tickets, comments };
}

/** Keys of the company's own systems: invented, and shaped like nobody's real ones. */
export function createCredentials(r: Randomness, departments: number): Row[] {
  return Array.from({ length: 40 }, (_, index) => ({
    id: index + 1,
    department_id: r.int(1, departments),
    service: r.pick(SERVICES),
    token: `demo-${r.faker.string.hexadecimal({ length: 40, casing: 'lower', prefix: '' })}`,
    expires_on: isoDay(addDays(TODAY, r.int(-60, 700))),
  }));
}
