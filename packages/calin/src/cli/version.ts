import manifest from '../../package.json' with { type: 'json' };

/** The version of the workspace. */
export const { version } = manifest;
