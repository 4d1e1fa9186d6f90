import { hasherCompliance } from './hasher-compliance.testing.ts';
import { createPlainHasher } from './plain-hasher.ts';

hasherCompliance('plain', createPlainHasher);
