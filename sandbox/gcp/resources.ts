// Services that a job's access tokens open, for demos and consumers: Resource Manager's projects, Storage's buckets, Workspace's directory.
import { type Call, json, type Reply } from '../service.ts';
import { type AccessTokens, speaker } from './access-tokens.ts';
import { findProject, type GcpContext, universeOf } from './context.ts';
import { mayOnProject } from './iam.ts';
import { principalName } from './principal.ts';
import { apiRefusal, googleHeaders, notFound, serviceDisabled } from './refusal.ts';

const AUTH = 'https://www.googleapis.com/auth';
const PROJECT_SCOPES = ['cloud-platform.read-only', 'cloudplatformprojects', 'cloudplatformprojects.readonly'];
const STORAGE_SCOPES = [
  'cloud-platform.read-only',
  'devstorage.read_only',
  'devstorage.read_write',
  'devstorage.full_control',
];

/** `GET cloudresourcemanager.googleapis.com/v1/projects/{id or number}` */
export function readProject(call: Call, context: GcpContext, tokens: AccessTokens): Reply {
  const trust = context.trust();
  const service = `cloudresourcemanager.${universeOf(trust)}`;
  const caller = tokens.shown(
    call,
    service,
    PROJECT_SCOPES.map((s) => `${AUTH}/${s}`),
    trust,
  );
  if ('status' in caller) return caller;
  const [, name] = /^\/v1\/projects\/([^/:]+)$/.exec(call.url.pathname) ?? [];
  if (name === undefined || call.method !== 'GET') return notFound('Method not found.');
  const project = findProject(trust, name);
  // A project that is not there is refused as one that may not be seen.
  if (!project || !mayOnProject(speaker(caller), 'resourcemanager.projects.get', project)) {
    return apiRefusal({ code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' });
  }
  if (project.disabledServices?.includes(service)) {
    return serviceDisabled('Cloud Resource Manager API', service, project.number);
  }
  const { number: projectNumber, id: projectId } = project;
  return json(200, { projectNumber, projectId, lifecycleState: 'ACTIVE', name: projectId }, googleHeaders());
}

/** `GET storage.googleapis.com/storage/v1/b?project=...` */
export function listBuckets(call: Call, context: GcpContext, tokens: AccessTokens): Reply {
  const trust = context.trust();
  const service = `storage.${universeOf(trust)}`;
  const caller = tokens.shown(
    call,
    service,
    STORAGE_SCOPES.map((s) => `${AUTH}/${s}`),
    trust,
  );
  if ('status' in caller) return storageAuthRefusal(call, caller);
  if (call.url.pathname !== '/storage/v1/b' || call.method !== 'GET')
    return storageRefusal(404, 'Not Found', 'notFound');
  const name = call.url.searchParams.get('project');
  if (!name) return storageRefusal(400, 'Required parameter: project', 'required');
  const project = findProject(trust, name);
  if (!project || !mayOnProject(speaker(caller), 'storage.buckets.list', project)) {
    const who = principalName(speaker(caller)).replace(/^(serviceAccount|user):/, '');
    const text = `${who} does not have storage.buckets.list access to the Google Cloud project. Permission 'storage.buckets.list' denied on resource (or it may not exist).`;
    return storageRefusal(403, text, 'forbidden');
  }
  const items = (project.buckets ?? []).map((bucket) => ({
    kind: 'storage#bucket',
    id: bucket,
    name: bucket,
    projectNumber: project.number,
    location: 'EU',
    storageClass: 'STANDARD',
  }));
  return json(200, { kind: 'storage#buckets', items }, googleHeaders());
}

/** The JSON API of Storage has its own words for the callers that it does not know. */
function storageAuthRefusal(call: Call, reply: Reply): Reply {
  if (reply.status !== 401) return reply;
  if (call.headers.authorization) return storageRefusal(401, 'Invalid Credentials', 'authError');
  const text =
    "Anonymous caller does not have storage.buckets.list access to the Google Cloud project. Permission 'storage.buckets.list' denied on resource (or it may not exist).";
  return storageRefusal(401, text, 'required');
}

function storageRefusal(code: number, message: string, reason: string): Reply {
  const place = code === 401 ? { locationType: 'header', location: 'Authorization' } : {};
  const errors = [{ message, domain: 'global', reason, ...place }];
  return json(code, { error: { code, message, errors } }, googleHeaders());
}

const DIRECTORY_SCOPES = ['admin.directory.user', 'admin.directory.user.readonly'].map((scope) => `${AUTH}/${scope}`);

/** `GET admin.googleapis.com/admin/directory/v1/users`: for a Workspace's own users, not for service accounts. */
export function listUsers(call: Call, context: GcpContext, tokens: AccessTokens): Reply {
  const trust = context.trust();
  const caller = tokens.shown(call, `admin.${universeOf(trust)}`, DIRECTORY_SCOPES, trust);
  if ('status' in caller) return caller;
  if (call.url.pathname !== '/admin/directory/v1/users' || call.method !== 'GET') return notFound('Method not found.');
  // cloud-platform is no scope of the directory.
  if (caller.actingAs === undefined || !caller.scopes.some((scope) => DIRECTORY_SCOPES.includes(scope))) {
    return apiRefusal({
      code: 403,
      status: 'PERMISSION_DENIED',
      message: 'Not Authorized to access this resource/api',
    });
  }
  const users = (trust.users ?? []).map((primaryEmail) => ({ kind: 'admin#directory#user', primaryEmail }));
  return json(200, { kind: 'admin#directory#users', users }, googleHeaders());
}
