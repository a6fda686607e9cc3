// STS's refusals: thrown where the reason is found, worded there, written here (facts: aws 1.3, 2).
import { randomUUID } from 'node:crypto';
import type { Reply } from '../service.ts';
import { type Element, element } from './xml.ts';

export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
/** Of what is refused before an operation is found. */
const FAULT_NAMESPACE = 'http://webservices.amazon.com/AWSFault/2005-15-09';

export class StsRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly namespace: string;

  /** `message` may be empty: the document then has none. */
  constructor(status: number, code: string, message: string, namespace: string = STS_NAMESPACE) {
    super(message);
    this.status = status;
    this.code = code;
    this.namespace = namespace;
  }
}

export const validationError = (message: string): StsRefusal => new StsRefusal(400, 'ValidationError', message);
export const accessDenied = (message: string): StsRefusal => new StsRefusal(403, 'AccessDenied', message);
export const invalidIdentity = (message: string): StsRefusal => new StsRefusal(400, 'InvalidIdentityToken', message);

/** An operation that STS does not have, or not in that version. */
export function unknownOperation(action: string, version: string | null): StsRefusal {
  const message = `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`;
  return new StsRefusal(400, 'InvalidAction', message, FAULT_NAMESPACE);
}

/** A refusal as STS sends it; for faults too, which play what no trust document can cause. */
export function stsError(status: number, code: string, message: string, namespace: string = STS_NAMESPACE): Reply {
  const requestId = randomUUID();
  const type = status < 500 ? 'Sender' : 'Receiver';
  const detail: Element = { Type: type, Code: code, ...(message && { Message: message }) };
  return xmlReply(status, element('ErrorResponse', { Error: detail, RequestId: requestId }, namespace), requestId);
}

export function xmlReply(status: number, body: string, requestId: string): Reply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
