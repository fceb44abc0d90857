import type { Row } from './copy-rows';
import { addDays, earlier, isoDay, type Randomness, TODAY } from './randomness';

export const MAIL_DOMAIN = 'larkfield.example';

type Department = {
  name: string;
  costCentre: string;
  people: number;
  titles: readonly (readonly [string, number, number])[];
};

/** Titles with how common they are and what they earn a year; the first of each department leads it. */
const DEPARTMENTS: readonly Department[] = [
  {
    name: 'Executive',
    costCentre: 'CC-100',
    people: 8,
    titles: [
      ['Managing director', 1, 178_000],
      ['Chief of staff', 3, 96_000],
      ['Executive assistant', 4, 58_000],
    ],
  },
  {
    name: 'People & Payroll',
    costCentre: 'CC-110',
    people: 22,
    titles: [
      ['Head of people', 1, 112_000],
      ['Payroll specialist', 8, 54_000],
      ['People partner', 7, 61_000],
      ['Recruiter', 6, 52_000],
    ],
  },
  {
    name: 'Finance',
    costCentre: 'CC-120',
    people: 34,
    titles: [
      ['Head of finance', 1, 124_000],
      ['Accountant', 14, 57_000],
      ['Financial controller', 6, 74_000],
      ['Accounts clerk', 10, 43_000],
    ],
  },
  {
    name: 'Sales',
    costCentre: 'CC-200',
    people: 96,
    titles: [
      ['Head of sales', 1, 118_000],
      ['Account manager', 40, 62_000],
      ['Sales representative', 45, 49_000],
      ['Sales analyst', 8, 55_000],
    ],
  },
  {
    name: 'Customer Support',
    costCentre: 'CC-210',
    people: 84,
    titles: [
      ['Head of support', 1, 92_000],
      ['Support agent', 60, 39_000],
      ['Senior support agent', 18, 46_000],
      ['Support team lead', 5, 58_000],
    ],
  },
  {
    name: 'Logistics',
    costCentre: 'CC-300',
    people: 178,
    titles: [
      ['Head of logistics', 1, 101_000],
      ['Warehouse operative', 90, 34_000],
      ['Night shift picker', 26, 35_500],
      ['Driver', 45, 37_000],
      ['Shift supervisor', 14, 47_000],
    ],
  },
  {
    name: 'Purchasing',
    costCentre: 'CC-310',
    people: 46,
    titles: [
      ['Head of purchasing', 1, 99_000],
      ['Buyer', 30, 53_000],
      ['Supply planner', 15, 56_000],
    ],
  },
  {
    name: 'Engineering',
    costCentre: 'CC-400',
    people: 74,
    titles: [
      ['Head of engineering', 1, 142_000],
      ['Software engineer', 45, 78_000],
      ['Senior software engineer', 18, 95_000],
      ['Data engineer', 10, 82_000],
    ],
  },
  {
    name: 'Facilities',
    costCentre: 'CC-500',
    people: 38,
    titles: [
      ['Head of facilities', 1, 84_000],
      ['Technician', 22, 41_000],
      ['Receptionist', 8, 35_000],
      ['Caretaker', 7, 34_000],
    ],
  },
  {
    name: 'Legal & Compliance',
    costCentre: 'CC-510',
    people: 20,
    titles: [
      ['General counsel', 1, 138_000],
      ['Legal counsel', 8, 88_000],
      ['Compliance analyst', 8, 63_000],
      ['Paralegal', 3, 48_000],
    ],
  },
];

/** Who left before was erased years ago. */
const OLDEST_ON_FILE = new Date('2018-01-01');
/** Where people stay least long. */
const BUSY: readonly string[] = [
  'Sales representative',
  'Account manager',
  'Support agent',
  'Senior support agent',
];

const CITIES = [
  ['Leeds', 5],
  ['Bradford', 3],
  ['Harrogate', 2],
  ['York', 3],
  ['Wakefield', 2],
  ['Huddersfield', 2],
  ['Manchester', 1],
] as const;
const DOCTOR_NOTES = [
  'Influenza, no visitors for a week',
  'Lower back strain, no lifting over 5 kg',
  'Migraine',
  'Fractured wrist, cast for six weeks',
  'Surgery, follow-up in three weeks',
  'Burnout, phased return agreed',
  'Gastroenteritis',
  'Pregnancy-related, bed rest advised',
  'Asthma, avoid dusty areas',
  'Depression, therapy twice a week',
] as const;

export type People = { departments: Row[]; employees: Employee[]; payslips: Row[]; absences: Row[] };
export type Employee = Row & {
  id: number;
  full_name: string;
  department_id: number;
  hired_on: string;
  left_on: string | null;
};

const cents = (amount: number): string => amount.toFixed(2);

function uniqueName(r: Randomness, taken: Set<string>): { first: string; last: string } {
  for (;;) {
    const first = r.faker.person.firstName();
    const last = r.faker.person.lastName();
    const name = `${first} ${last}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return { first, last };
  }
}

function createEmployee(
  r: Randomness,
  id: number,
  place: { department: number; manager: number | null; title: string; pay: number },
  taken: Set<string>,
): Employee {
  const { first, last } = uniqueName(r, taken);
  const hired = r.between(new Date('2009-01-05'), new Date('2026-08-01'));
  const left =
    place.manager !== null && r.chance(BUSY.includes(place.title) ? 0.14 : 0.05)
      ? earlier(addDays(hired, r.int(200, 2400)), addDays(TODAY, -30))
      : null;
  return {
    id,
    employee_number: `LF-${String(10_000 + id)}`,
    department_id: place.department,
    manager_id: place.manager,
    full_name: `${first} ${last}`,
    email: `${first}.${last}@${MAIL_DOMAIN}`.toLowerCase().replace(/[^a-z0-9.@-]/g, ''),
    phone: r.chance(0.9) ? r.faker.helpers.fromRegExp('+44 7[0-9]{3} [0-9]{6}') : null,
    date_of_birth: isoDay(r.between(new Date('1961-01-01'), addDays(hired, -18 * 366))),
    home_city: r.weighted(CITIES),
    iban: r.faker.finance.iban({ countryCode: 'GB' }),
    job_title: place.title,
    salary: cents(Math.round((place.pay * r.int(88, 118)) / 1000) * 10),
    hired_on: isoDay(hired),
    left_on: left && left > hired && left >= OLDEST_ON_FILE ? isoDay(left) : null,
    updated_at: addDays(TODAY, -r.int(1, 400)),
  };
}

function createEmployees(r: Randomness): Employee[] {
  const employees: Employee[] = [];
  const taken = new Set<string>();
  DEPARTMENTS.forEach((department, index) => {
    const [head, ...others] = department.titles;
    if (!head) return;
    const headId = employees.length + 1;
    const place = { department: index + 1, manager: headId === 1 ? null : 1, title: head[0], pay: head[2] };
    employees.push(createEmployee(r, headId, place, taken));
    const crew = others.map((title) => [title, title[1]] as const);
    for (let n = 1; n < department.people; n++) {
      const [title, , pay] = r.weighted(crew);
      // The first few of a department lead teams; the rest report to one of them.
      const manager = n <= 4 ? headId : headId + r.int(1, Math.min(4, department.people - 1));
      employees.push(
        createEmployee(r, employees.length + 1, { department: index + 1, manager, title, pay }, taken),
      );
    }
  });
  return employees;
}

function createPayslips(employees: readonly Employee[]): Row[] {
  const payslips: Row[] = [];
  for (const employee of employees) {
    for (let month = 0; month < 12; month++) {
      const period = new Date(Date.UTC(2025, 10 + month, 1));
      const paid = addDays(new Date(Date.UTC(2025, 11 + month, 1)), -3);
      if (isoDay(paid) < employee.hired_on || (employee.left_on && employee.left_on < isoDay(period)))
        continue;
      const gross = Number(employee.salary) / 12;
      const tax = gross * (gross > 4200 ? 0.31 : 0.22);
      payslips.push({
        id: payslips.length + 1,
        employee_id: employee.id,
        period: isoDay(period),
        gross: cents(gross),
        tax: cents(tax),
        net: cents(gross - tax),
        paid_on: isoDay(paid),
      });
    }
  }
  return payslips;
}

function createAbsences(r: Randomness, employees: readonly Employee[]): Row[] {
  return Array.from({ length: 2400 }, (_, index) => {
    const employee = r.pick(employees);
    const kind = r.weighted([
      ['holiday', 60],
      ['sick', 32],
      ['parental', 3],
      ['unpaid', 5],
    ] as const);
    const start = r.between(
      new Date(employee.hired_on),
      employee.left_on ? new Date(employee.left_on) : TODAY,
    );
    return {
      id: index + 1,
      employee_id: employee.id,
      kind,
      starts_on: isoDay(start),
      ends_on: isoDay(addDays(start, kind === 'parental' ? r.int(60, 200) : r.int(0, 14))),
      doctor_note: kind === 'sick' && r.chance(0.6) ? r.pick(DOCTOR_NOTES) : null,
    };
  });
}

/** Ten departments, about 600 people in them, twelve months of payslips and their absences. */
export function createPeople(r: Randomness): People {
  const employees = createEmployees(r);
  const departments = DEPARTMENTS.map((department, index) => ({
    id: index + 1,
    name: department.name,
    cost_centre: department.costCentre,
    annual_budget: cents(department.people * r.int(52, 88) * 1000),
  }));
  return {
    departments,
    employees,
    payslips: createPayslips(employees),
    absences: createAbsences(r, employees),
  };
}

/** Somebody who worked here on that day, or nobody: people who have left still stand on what they did. */
export function pickEmployed(r: Randomness, staff: readonly Employee[], on: Date): number | null {
  const day = isoDay(on);
  const present = staff.filter(
    ({ hired_on, left_on }) => hired_on <= day && (left_on === null || left_on > day),
  );
  return present.length === 0 ? null : r.pick(present).id;
}
