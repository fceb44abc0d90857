import type { Row } from './copy-rows';
import { type Employee, pickEmployed } from './people';
import { addDays, earlier, isoDay, type Randomness, TODAY } from './randomness';

export type Customer = Row & { id: number; status: string; created_at: Date; closed_on: string | null };
export type Commerce = { customers: Customer[]; orders: Row[]; orderItems: Row[]; payments: Row[] };

const OPENED = new Date('2016-02-01');
const PRODUCTS = [
  ['Packing tape, 66 m', 2.4],
  ['Stretch film, 500 mm', 9.8],
  ['Double-wall carton, 600 mm', 1.95],
  ['Bubble wrap, 100 m', 24.5],
  ['Pallet, euro, used', 11.2],
  ['Hand pallet truck, 2.5 t', 318],
  ['Safety boots, S3', 64.9],
  ['Work gloves, 12 pairs', 17.4],
  ['Hi-vis vest', 4.6],
  ['Label printer', 189],
  ['Thermal labels, 1,000', 12.9],
  ['Shelving bay, 2 m', 142],
  ['Strapping kit', 79.5],
  ['Floor marking tape', 8.3],
  ['First-aid kit, 50 people', 58],
  ['Cleaning cloths, 200', 21.7],
  ['Platform trolley, 300 kg', 127],
  ['Edge protectors, 100', 15.6],
  ['Desiccant bags, 50', 19.9],
  ['Document wallets, 500', 26.3],
] as const;
const COUNTRIES = [
  ['United Kingdom', 20],
  ['Ireland', 4],
  ['Netherlands', 3],
  ['Germany', 3],
  ['France', 2],
  ['Denmark', 1],
] as const;

const cents = (amount: number): string => amount.toFixed(2);

function createCustomer(r: Randomness, id: number): Customer {
  const status = r.weighted([
    ['active', 86],
    ['dormant', 9],
    ['closed', 5],
  ] as const);
  const created = r.between(OPENED, addDays(TODAY, -20));
  const closed = status === 'closed' ? earlier(addDays(created, r.int(90, 2200)), addDays(TODAY, -5)) : null;
  const first = r.faker.person.firstName();
  const last = r.faker.person.lastName();
  const name = r.faker.company.name();
  return {
    id,
    company_name: name,
    contact_name: `${first} ${last}`,
    email: r.faker.internet
      .email({
        firstName: first,
        lastName: last,
        provider: `${r.faker.helpers
          .slugify(name)
          .toLowerCase()
          .replace(/[^a-z0-9-]/g, '')}.example`,
      })
      .toLowerCase(),
    phone: r.chance(0.85) ? r.faker.phone.number({ style: 'international' }) : null,
    street: r.faker.location.streetAddress(),
    city: r.faker.location.city(),
    country: r.weighted(COUNTRIES),
    segment: r.weighted([
      ['trade', 6],
      ['retail', 3],
      ['public sector', 1],
    ] as const),
    status,
    closed_on: closed ? isoDay(closed) : null,
    credit_limit: cents(r.int(1, 60) * 500),
    marketing_consent: r.chance(0.55),
    created_at: created,
    updated_at: r.between(created, TODAY),
  };
}

function createItems(r: Randomness, orderId: number): { items: Row[]; total: number } {
  const items: Row[] = [];
  let total = 0;
  const lines = r.weighted([
    [1, 22],
    [2, 27],
    [3, 24],
    [4, 16],
    [5, 11],
  ] as const);
  for (let line = 1; line <= lines; line++) {
    const [description, price] = r.pick(PRODUCTS);
    const quantity = r.int(1, price > 100 ? 4 : 40);
    total += quantity * price;
    items.push({
      order_id: orderId,
      line_number: line,
      sku: `LF-${String(1000 + PRODUCTS.findIndex(([name]) => name === description))}`,
      description,
      quantity,
      unit_price: cents(price),
    });
  }
  return { items, total };
}

/** About 3,000 customers and what they bought and paid: 12,000 orders with 30,000 lines. */
export function createCommerce(r: Randomness, sellers: readonly Employee[]): Commerce {
  const customers = Array.from({ length: 3000 }, (_, index) => createCustomer(r, index + 1));
  const orders: Row[] = [];
  const orderItems: Row[] = [];
  const payments: Row[] = [];
  for (let id = 1; id <= 12_000; id++) {
    const customer = r.pick(customers);
    const ordered = r.between(customer.created_at, customer.closed_on ? new Date(customer.closed_on) : TODAY);
    const recent = ordered > addDays(TODAY, -40);
    const status = recent
      ? r.weighted([
          ['open', 5],
          ['shipped', 4],
          ['paid', 2],
        ] as const)
      : r.weighted([
          ['paid', 93],
          ['cancelled', 5],
          ['shipped', 2],
        ] as const);
    const { items, total } = createItems(r, id);
    orderItems.push(...items);
    orders.push({
      id,
      customer_id: customer.id,
      sales_rep_id: r.chance(0.9) ? pickEmployed(r, sellers, ordered) : null,
      status,
      ordered_at: ordered,
      total: cents(total),
      updated_at: earlier(addDays(ordered, r.int(1, 30)), TODAY),
    });
    if (status !== 'paid') continue;
    const method = r.weighted([
      ['transfer', 6],
      ['direct debit', 3],
      ['card', 2],
    ] as const);
    payments.push({
      id: payments.length + 1,
      order_id: id,
      amount: cents(total),
      method,
      payer_iban: method === 'card' ? null : r.faker.finance.iban({ countryCode: 'GB' }),
      received_at: earlier(addDays(ordered, r.int(1, 45)), TODAY),
    });
  }
  return { customers, orders, orderItems, payments };
}
