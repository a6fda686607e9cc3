// The action's main: builds the world and tells the story. Nothing else acts at import.
import './adapters/transport.ts'; // wanted at once, so not in a chunk of its own
import { openWorld } from './adapters/world.ts';
import { federate } from './federate.ts';

await federate(openWorld(process, import.meta.filename));
