import { Agent } from './fixtures/agent';
import { expectClean } from './fixtures/clean';
import { personNamed } from './fixtures/demo';
import { askForPasskey } from './fixtures/holds';
import { inList, planLargeErasure, planRaise, raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

// Half faded in, text has no contrast of its own.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('an approval is given in advance for more of the same, used, and taken back', async ({
  company,
  as,
}) => {
  // An agent of this journey alone: a grant is for whatever it plans, also beside this.
  const agent = new Agent('data-janitor');
  const people = await company.hire({ count: 3 });
  const [first, second, third] = people.map((person) => [person]);
  const ana = await as('Ana');
  const { actionId } = await raise(agent, first ?? []);
  const review = await new ReviewPage(ana).open(actionId);
  await review.approve();
  await ana.getByRole('button', { name: 'Allow more like it…' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Allow more like it' });
  await expect(dialog).toContainText('update public.employees');
  await dialog.getByText('As a policy would say it').click();
  await expect(dialog).toContainText(
    'permit (principal == Agent::"data-janitor", action, resource == Target::"company")',
  );
  await dialog.getByLabel('Times').fill('2');
  await expectClean(ana, 'the dialog of a grant');
  await dialog.getByLabel('Why').fill('The rest of the caretakers, one by one');
  await dialog.getByRole('button', { name: 'Allow it' }).click();
  await expect(dialog).toBeHidden();

  const used = await raise(agent, second ?? []);
  await agent.ending(used.actionId);
  await review.open(used.actionId);
  await expect(ana.getByText('Ana Ruiz approved in advance, by a grant')).toBeVisible();
  const other = await agent.sql(`DELETE FROM employees WHERE id = ${third?.[0]?.id ?? 0}`);
  expect(other.status).toBe('held');

  const tomas = await as('Tomas');
  await visit(tomas, '/grants');
  const grant = tomas.getByRole('listitem').filter({ hasText: 'The rest of the caretakers' }).first();
  await expect(grant).toContainText('1 of 2 times');
  await grant.getByText('What exactly it allows').click();
  await expect(grant).toContainText('permit (principal == Agent::"data-janitor"');
  await expectClean(tomas, 'grants');
  await grant.getByRole('button', { name: 'Take back…' }).click();
  await tomas.getByRole('dialog').getByLabel('Why').fill('They were enough');
  await tomas.getByRole('button', { name: 'Take it back' }).click();
  await expect(grant).toContainText('taken back by Tomas Okafor');
  expect((await raise(agent, third ?? [])).status).toBe('held');
});

test('a run works within the mandate it is granted, and what goes beyond waits for people', async ({
  agent,
  as,
}) => {
  const runId = await agent.startRun('Look at job titles', { mandate: { tools: ['company.sql'] } });
  const tomas = await as('Tomas');
  await visit(tomas, `/runs/${runId}`);
  const card = tomas.getByRole('region', { name: 'Mandate' });
  await expect(card).toContainText('asked for, not granted');
  await card.getByRole('button', { name: 'Grant a mandate…' }).click();
  const dialog = tomas.getByRole('dialog', { name: 'What this run may do' });
  await expect(dialog.getByLabel('Tools')).toHaveValue('company.sql');
  await dialog.getByLabel('Rows').fill('5');
  await dialog.getByLabel('Why').fill('Titles only, as agreed');
  await expectClean(tomas, 'the dialog of a mandate');
  await dialog.getByRole('button', { name: 'Grant it' }).click();
  await expect(card).toContainText('Granted by Tomas Okafor');

  const read = (rows: number) =>
    agent.sql(`SELECT id, job_title FROM employees WHERE id <= ${rows}`, [], { runId });
  expect((await read(3)).status).toBe('succeeded');
  await expect(card).toContainText('3 of 5 spent');
  const beyond = await read(4);
  expect(beyond.status).toBe('held');
  await new ReviewPage(tomas).open(beyond.actionId);
  await expect(tomas.getByText('It takes 4 rows; 2 of 5 are left.')).toBeVisible();

  await visit(tomas, `/runs/${runId}`);
  await card.getByRole('button', { name: 'End it…' }).click();
  await tomas.getByRole('dialog').getByLabel('Why').fill('Done');
  await tomas.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await expect(card).toContainText('ended');
  expect((await read(1)).status).toBe('held');
});

test('a reviewer changes what an agent planned, somebody else decides it, and the agent is told', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ count: 3, salary: 4000 });
  const [only] = people;
  const before = (await company.salaries(people.map(({ id }) => id))).map(Number);
  const { actionId } = await raise(agent, people);
  const ana = await as('Ana');
  const review = await new ReviewPage(ana).open(actionId);
  await review.card('The call').getByRole('button', { name: 'Change…' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Change the arguments' });
  const statement = dialog.getByRole('textbox', { name: 'Statement' });
  await statement.fill(`UPDATE employees SET salary = salary + 105.50 WHERE id IN (${only?.id})`);
  await expect(dialog.getByRole('list', { name: 'What you change' })).toContainText(`IN (${inList(people)})`);
  await dialog.getByLabel('What you changed, and why').fill('Only the first of them');
  await expectClean(ana, 'changing arguments');
  await dialog.getByRole('button', { name: 'Plan it instead' }).click();
  await expect(review.sentence).toContainText('Update 1 row in employees');
  await expect(review.bar).toContainText('You cannot decide this one.');
  await expect(review.card('What a reviewer changed')).toContainText(`IN (${only?.id})`);
  await expectClean(ana, 'what a reviewer changed');
  const into = ana.url().split('/').at(-1) ?? '';

  const told = await agent.view(actionId);
  expect(told).toMatchObject({ status: 'sent_back', note: expect.stringContaining(into) });
  const priya = await new ReviewPage(await as('Priya')).open(into);
  await priya.approve();
  await expect(priya.page.getByText('Done, exactly as approved')).toBeVisible();
  const after = (await company.salaries(people.map(({ id }) => id))).map(Number);
  expect(after).toEqual(before.map((salary, i) => (i === 0 ? salary + 105.5 : salary)));
});

test('an owner breaks the glass, everybody in charge is shown that, and another one closes the review', async ({
  agent,
  company,
  as,
}) => {
  const { actionId } = await planLargeErasure(agent, company);
  const ana = await new ReviewPage(await as('Ana')).open(actionId);
  await expect(ana.page.getByRole('button', { name: 'Break the glass…' })).toHaveCount(0);
  const ingrid = await as('Ingrid');
  await new ReviewPage(ingrid).open(actionId);
  await ingrid.getByRole('button', { name: 'Break the glass…' }).click();
  const dialog = ingrid.getByRole('dialog', { name: 'Break the glass' });
  await dialog.getByLabel('What happened').fill('They asked to be erased, and the term ends in an hour');
  const release = dialog.getByRole('button', { name: 'Release it alone' });
  await expect(release).toBeDisabled();
  await dialog.getByLabel('Type “break the glass”').fill('break the glass');
  await expectClean(ingrid, 'breaking the glass');
  await release.click();
  await agent.ending(actionId);

  const tomas = await as('Tomas');
  await visit(tomas, '/inbox');
  const banner = tomas.getByRole('status').filter({ hasText: 'Ingrid Halvorsen released an action alone' });
  await banner.getByRole('link', { name: 'Review it' }).click();
  const card = tomas.getByRole('region', { name: 'Released by Ingrid Halvorsen alone' });
  await expect(card).toContainText('the term ends in an hour');
  await card.getByLabel('What you found').fill('The request is on file; the rota had a gap');
  await expectClean(tomas, 'the review of a broken glass');
  await card.getByRole('button', { name: 'Close the review' }).click();
  await expect(card).toContainText('reviewed: justified');
  await expect(banner).toHaveCount(0);
});

test('who is away says who decides in their place, and both see it', async ({ as }) => {
  const jonas = await as('Jonas');
  await visit(jonas, '/account');
  const card = jonas.getByRole('region', { name: 'Away' });
  await card.getByLabel('Decides in your place').selectOption({ label: 'Lee Park' });
  await card.getByRole('button', { name: 'I am away' }).click();
  await expect(card).toContainText('Lee Park decides in your place.');
  const lee = await as('Lee');
  await visit(lee, '/account');
  await expect(lee.getByRole('region', { name: 'Away' })).toContainText(
    'You decide in the place of Jonas Weber',
  );
  await expectClean(lee, 'whose place one takes');
  await card.getByRole('button', { name: 'I am back' }).click();
  await expect(card.getByRole('button', { name: 'I am away' })).toBeVisible();
});

test('a canary that is planned to be touched is shown, with the agent and the action', async ({
  agent,
  company,
  as,
}) => {
  const { actionId } = await planRaise(agent, company);
  const tomas = await as('Tomas');
  await visit(tomas, '/halts');
  await tomas.getByLabel('Canaries, one a line').fill('public.employees');
  await tomas.getByLabel('Canaries: what happens').selectOption('Tell people');
  const rule = tomas.getByRole('form', { name: 'Canaries' });
  await rule.getByRole('button', { name: 'Save' }).click();
  const unusual = tomas.getByRole('region', { name: 'Unusual', exact: true });
  // Other journeys plan on the same table with agents of their own.
  const found = unusual
    .getByRole('listitem')
    .filter({ hasText: 'It touched a canary' })
    .filter({ hasText: 'payroll-assistant' })
    .first();
  await expect(found).toBeVisible({ timeout: 30_000 });
  await expect(found.getByRole('link', { name: 'this action' })).toHaveAttribute('href', /\/actions\/act_/);
  await tomas.getByLabel('Canaries: what happens').selectOption('Do nothing');
  await rule.getByRole('button', { name: 'Save' }).click();
  await expect(tomas.getByText('Canaries: saved').first()).toBeVisible();
  await found.getByRole('button', { name: 'I have looked…' }).click();
  await tomas.getByRole('dialog').getByLabel('Why').fill('It was planted for a test');
  await tomas.getByRole('button', { name: 'Close it' }).click();
  await expect(tomas.getByRole('dialog')).toHaveCount(0);
  await expect(unusual).toContainText('It was planted for a test');
  await expectClean(tomas, 'halts and what is unusual');
  await agent.seesHeld(actionId);
});

test('a hold that asks for a passkey is approved with one, signed for exactly that', async ({
  agent,
  company,
  as,
}) => {
  const { actionId } = await planRaise(agent, company);
  await askForPasskey(actionId);
  const priya = await as('Priya');
  const cdp = await priya.context().newCDPSession(priya);
  await cdp.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options });

  const review = await new ReviewPage(priya).open(actionId);
  await expect(review.card('Why it was held')).toContainText('each with a passkey');
  await review.approve();
  await expect(review.bar.getByRole('alert')).toContainText('needs a passkey, and you have none');
  await agent.seesHeld(actionId);

  await visit(priya, '/account');
  const card = priya.getByRole('region', { name: 'Passkeys' });
  await card.getByRole('button', { name: 'Add a passkey…' }).click();
  const dialog = priya.getByRole('dialog', { name: 'Add a passkey' });
  await dialog.getByLabel('Name').fill('Laptop');
  await dialog.getByLabel('Your password').fill('not my password');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This is not your password.');
  await expectClean(priya, 'adding a passkey');
  await dialog.getByLabel('Your password').fill(personNamed('Priya').password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(card).toContainText('Laptop');
  await expect(card).toContainText('not used yet');

  await review.open(actionId);
  await review.approve();
  await expect(priya.getByText('Done, exactly as approved')).toBeVisible();
  await visit(priya, '/account');
  await card.getByRole('button', { name: 'Remove…' }).click();
  await priya.getByRole('dialog').getByLabel('Your password').fill(personNamed('Priya').password);
  await priya.getByRole('button', { name: 'Remove it' }).click();
  await expect(card.getByText('Laptop')).toHaveCount(0);
});
