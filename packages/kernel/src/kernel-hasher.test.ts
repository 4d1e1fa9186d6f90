import { hasherCompliance } from '@calin/core/crypto/hasher-compliance.testing.ts';
import { createKernelHasher } from './kernel-hasher.ts';

hasherCompliance('kernel', createKernelHasher);
