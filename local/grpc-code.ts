import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC status codes that the local stack reacts to, by their numbers in the gRPC specification. */
export const GRPC = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  failedPrecondition: 9,
  unavailable: 14,
} as const;

/** The status code of a failed call to Temporal; `undefined` for any other error. */
export function grpcCodeOf(error: unknown): number | undefined {
  return isGrpcServiceError(error) ? error.code : undefined;
}
