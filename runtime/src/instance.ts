/** The realm's runtime, as this copy of the package sees it. Both entries import this file, so that they agree. */
import { createController } from './controller.ts';
import { sharedInstance } from './shared-instance.ts';
import type { SharedInstance } from './shared-instance.ts';

export const shared: SharedInstance = sharedInstance(createController);
