// S3's error document.
import { randomBytes } from 'node:crypto';
import type { Reply } from '../service.ts';
import { escaped } from './xml.ts';

export class S3Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Elements between the message and the ids. */
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function s3Error({ status, code, message, details }: S3Refusal): Reply {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const hostId = randomBytes(56).toString('base64');
  const elements = { Code: code, Message: message, ...details, RequestId: requestId, HostId: hostId };
  const inner = Object.entries(elements).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return s3Reply(status, `<Error>${inner.join('')}</Error>`, requestId, hostId);
}

export function s3Reply(status: number, document: string, requestId: string, hostId: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, 'x-amz-id-2': hostId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
  };
}
