// The action's post: builds the world and ends what main left.
import { openWorld } from './adapters/world.ts';
import { end } from './end.ts';

await end(openWorld(process, import.meta.filename));
