// The keeper, a background process of the step: builds its world and tells its story. Started by main, stopped by post.
import { openKeeperWorld } from './adapters/keeper-world.ts';
import { tend } from './keep-fresh/tend.ts';

await tend(openKeeperWorld(process));
