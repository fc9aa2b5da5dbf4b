import type { Page } from '@playwright/test';
import type { Answer, PhiscanBridge } from '../../src-shared/contract/contract';
import {
  addOperator,
  expect,
  OPERATOR,
  openSupervision,
  setUpSite,
  signIn,
  signOut,
  SUPERVISOR,
  test,
} from './fixtures/phiscan-window';

test('a supervisor sets φ with a reason; an operator cannot, from the window or past it', async ({
  launch,
}) => {
  const { page } = await launch();
  await setUpSite(page);
  await addOperator(page);
  await openSupervision(page, 'Threshold φ');
  const to = page.getByLabel('To', { exact: true });
  await to.fill('0.26');
  await page.getByRole('button', { name: 'Set φ to 0.26' }).click();
  await expect(page.getByText(/Say why/)).toBeVisible();
  await page.getByLabel('Reason').fill('Umbrella ribs alarm too often');
  await page.getByRole('button', { name: 'Set φ to 0.26' }).click();
  await expect(page.getByText('φ is 0.26 from the next bag on.')).toBeVisible();
  await expect(page.getByText(`0.26 · ${SUPERVISOR.name}`)).toBeVisible();
  await expect(page.getByText(/Umbrella ribs alarm too often/)).toBeVisible();

  await signOut(page, SUPERVISOR.name);
  const outside = await callPastTheWindow(page);
  expect(outside).toMatchObject({ ok: false, error: { code: 'not-signed-in' } });

  await signIn(page, OPERATOR);
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeHidden();
  await expect(page.getByRole('banner').getByText('φ 0.26')).toBeVisible();
  const refused = await callPastTheWindow(page);
  expect(refused).toMatchObject({ ok: false, error: { code: 'role-required' } });
  await expect(page.getByRole('banner').getByText('φ 0.26')).toBeVisible();
});

/** Calls the program as a manipulated window would, without any of its controls. */
function callPastTheWindow(page: Page): Promise<Answer<unknown>> {
  return page.evaluate(async () => {
    const bridge = (window as unknown as { phiscan: PhiscanBridge }).phiscan;
    const state = await bridge.call('app.state', {});
    const checkpointId = state.ok ? (state.value.site.checkpoints[0]?.id ?? '') : '';
    return bridge.call('thresholds.set', { checkpointId, threshold: 0.9, reason: 'none' });
  });
}
