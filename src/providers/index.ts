// The clouds: one line each. What is heavy of a provider is loaded only when it is asked for; its endings, only when something is owed.
import type { AnyProvider } from '../core/task.ts';
import { aws } from './aws/provider.ts';
import { azure } from './azure/provider.ts';
import { gcp } from './gcp/provider.ts';
import { vault } from './vault/provider.ts';

export const PROVIDERS: readonly AnyProvider[] = [aws, azure, gcp, vault];
