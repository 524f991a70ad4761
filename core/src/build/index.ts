/** The door of core for front ends that run on Node. */
export { createPackageTypes, type PackageTypes } from './package-types.ts';
export { writePending as writePrivacyManifests } from './privacy-manifest.ts';
export { createProject, type PlanRequest, type Project } from './project.ts';
export { reportPlan, startReport } from './report.ts';
