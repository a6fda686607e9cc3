// The keeper, a background process of the step: builds its world and tells its story. Started by main, stopped by post.
import { openKeeperWorld } from './adapters/keeper-world.ts';
import { serve } from './keep-fresh/serve.ts';

await serve(openKeeperWorld(process));
