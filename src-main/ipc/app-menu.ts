import type { EventPayload } from '../../src-shared/contract/contract';
import { Menu } from 'electron';

type MenuCommand = EventPayload<'menu.chosen'>['command'];

/** The menu asks the window for its own commands, so that both doors lead to the same thing. */
export function setAppMenu(choose: (command: MenuCommand) => void): void {
  const item = (label: string, command: MenuCommand, accelerator?: string) => ({
    label,
    click: () => {
      choose(command);
    },
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: '&File',
        submenu: [
          item('&Open scans…', 'open', 'CommandOrControl+O'),
          item('&Lock', 'lock', 'CommandOrControl+L'),
          { type: 'separator' },
          { role: 'quit' },
        ],
      },
      {
        label: '&View',
        submenu: [
          { role: 'togglefullscreen' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
        ],
      },
      { label: '&Help', submenu: [item('&Keys', 'keys'), item('&About Phiscan', 'about')] },
    ]),
  );
}
