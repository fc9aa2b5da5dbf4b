import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoScans } from './fixtures/demo-scans';
import { expect, startShift, test } from './fixtures/phiscan-window';

test('a file that has changed since it was scored is not drawn under its old scores', async ({
  launch,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-changed-'));
  const [first, second, third] = demoScans();
  const put = (scan: typeof first, name: string) => {
    for (const file of scan?.files ?? []) {
      const energy = file.endsWith('_low.png') ? 'low' : 'high';
      copyFileSync(file, path.join(folder, `${name}_${energy}.png`));
    }
  };
  put(first, 'bag-a');
  // The picture of the bag that follows is fetched ahead, under the scores that it has then.
  put(second, 'bag-b');
  put(second, 'bag-c');
  const { page } = await launch({ args: [folder] });
  await startShift(page);
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText(/^[▲○] /)).toHaveCount(3);

  put(third, 'bag-c');
  await queue.getByRole('button', { name: /^bag-c/ }).click();
  await expect(page.getByText('No picture can be shown')).toBeVisible();
  await expect(page.getByText('The file has changed since it was scored.')).toBeVisible();
  rmSync(folder, { recursive: true });
});
