import { demoScans } from './fixtures/demo-scans';
import { expect, expectWaiting, startShift, test } from './fixtures/phiscan-window';

test('scans dropped on the window join the queue', async ({ launch }) => {
  const { page } = await launch();
  await startShift(page);
  const [first, second] = demoScans();
  const files = [...(first?.files ?? []), ...(second?.files ?? [])];
  // A drag from outside comes through the browser: a page's own events carry no paths.
  const browser = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await browser.send('Input.dispatchDragEvent', {
      type,
      x: 700,
      y: 400,
      data: { items: [], files, dragOperationsMask: 1 },
    });
    if (type === 'dragOver') await expect(page.getByText('Drop scans here')).toBeVisible();
  }
  await expect(page.getByText('Drop scans here')).toBeHidden();
  await expectWaiting(page, 2);
});
