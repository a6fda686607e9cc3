// The official actions that a workflow may come from, in the order of docs/migrate.md.
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { gcp } from './gcp.ts';
import type { Peer } from './peer.ts';
import { vault } from './vault.ts';

export const PEERS: readonly Peer[] = [aws, azure, gcp, vault];
