import { test as setup } from '@playwright/test';
import { EVERYBODY, personNamed, sessionFile } from './fixtures/demo';
import { signIn } from './fixtures/sign-in';

for (const first of EVERYBODY) {
  setup(`${first} signs in with e-mail and password`, async ({ page }) => {
    const person = personNamed(first);
    await signIn(page, person);
    await page.context().storageState({ path: sessionFile(person) });
  });
}
