// The action's main: builds the world, begins the connection that takes longest, and tells the story. Nothing else acts at import.
import { connectAhead } from './adapters/connections.ts';
import { openTransport } from './adapters/transport.ts';
import { openWorld } from './adapters/world.ts';
import { headStart } from './head-start.ts';

const world = openWorld(process, import.meta.filename, openTransport);
const ahead = await headStart(world, connectAhead);
const { federate } = await import('./federate.ts');
await federate(world, ahead).finally(() => ahead?.close());
