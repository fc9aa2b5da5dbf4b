import path from 'node:path';

/**
 * The dependency rule as an ESLint rule:
 * src-shared ← {scan-io, engine, store} ← src-lab ← services ← {app, intake, ipc, cli} ← main.ts;
 * the renderer imports src-shared alone; electron stays at the edges.
 *
 * A room is a folder. Each lists the rooms that it may import besides itself; what is not listed is
 * an error, so a new folder has no rights until somebody gives it some.
 */
const SHARED = 'src-shared';
const MAY_IMPORT = {
  [SHARED]: [],
  'src-main/scan-io': [SHARED],
  // The host decodes the scans that it scores, so the engine reads scan-io; never the reverse.
  'src-main/engine': [SHARED, 'src-main/scan-io'],
  'src-main/store': [SHARED],
  'src-lab': [SHARED, 'src-main/scan-io', 'src-main/engine'],
  'src-main/services': [SHARED, 'src-main/scan-io', 'src-main/engine', 'src-main/store', 'src-lab'],
  'src-main/app': [
    SHARED,
    'src-main/scan-io',
    'src-main/engine',
    'src-main/store',
    'src-main/services',
  ],
  'src-main/intake': [SHARED, 'src-main/scan-io', 'src-main/services'],
  'src-main/ipc': [SHARED, 'src-main/app', 'src-main/services', 'src-main/intake'],
  'src-main/cli': [
    SHARED,
    'src-main/scan-io',
    'src-main/engine',
    'src-main/store',
    'src-lab',
    'src-main/services',
    'src-main/app',
  ],
  'src-main/preload': [SHARED],
  'src-renderer': [SHARED],
  bench: [SHARED, 'src-main/scan-io', 'src-main/engine', 'src-lab'],
};

/** Rooms that must stay free of Node's modules. */
const NODE_FREE = new Set([SHARED, 'src-renderer', 'src-main/preload']);

const ELECTRON_ROOMS = new Set(['src-main/ipc', 'src-main/preload']);
const ELECTRON_FILES = new Set([
  'src-main/main.ts',
  'src-main/engine/host/electron-host-launcher.ts',
]);

const root = path.resolve(import.meta.dirname, '../..');

/** The room that a path relative to the repository lies in, or null (tests, configuration, main.ts). */
function roomOf(file) {
  return Object.keys(MAY_IMPORT).find((room) => file.startsWith(`${room}/`)) ?? null;
}

/** Says what is wrong with `file` importing `specifier`, or null when nothing is. */
export function refuseImport(file, specifier) {
  const room = roomOf(file);
  if (specifier === 'electron' || specifier.startsWith('electron/')) {
    const allowed =
      ELECTRON_FILES.has(file) ||
      (room !== null && ELECTRON_ROOMS.has(room)) ||
      file.startsWith('test/');
    return allowed
      ? null
      : 'electron is imported only by main.ts, ipc/, preload/ and the host launcher';
  }
  if (room === null) return null;
  if (specifier.startsWith('node:')) {
    return NODE_FREE.has(room) ? `${room} must run without Node` : null;
  }
  if (!specifier.startsWith('.')) return null;
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const targetRoom = roomOf(target);
  if (targetRoom === room || (targetRoom !== null && MAY_IMPORT[room].includes(targetRoom))) {
    return null;
  }
  if (targetRoom === null && target.startsWith(`${room.split('/')[0]}/assets/`)) return null;
  return `${room} must not import ${targetRoom ?? target}`;
}

export const dependencyRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { refused: 'The dependency rule: {{why}} (docs/architecture.md).' },
  },
  create(context) {
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    const check = (node) => {
      if (node?.type !== 'Literal' || typeof node.value !== 'string') return;
      const why = refuseImport(file, node.value);
      if (why !== null) context.report({ node, messageId: 'refused', data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
    };
  },
};
