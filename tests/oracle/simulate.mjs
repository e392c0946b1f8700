// Judge requests with @cloud-copilot/iam-simulate: one JSON object a line in, one JSON object a line out.
// In: {request, control: [[policy, ...], ...], identity: [policy], boundary: [policy] or null, resource: policy or null},
// the nodes of control root first.
// Out: {verdict, ignored}, or {error} where the package refuses the policies or the request.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [folder] = process.argv.slice(2);
const { runSimulation } = createRequire(`${folder}/package.json`)("@cloud-copilot/iam-simulate");

const named = (policies) => policies.map((policy, index) => ({ name: `policy-${index}`, policy }));

for await (const line of createInterface({ input: process.stdin })) {
  const { request, control, identity, boundary, resource } = JSON.parse(line);
  const answer = await runSimulation(
    {
      request,
      identityPolicies: named(identity),
      serviceControlPolicies: control.map((node, index) => ({ orgIdentifier: `node-${index}`, policies: named(node) })),
      resourceControlPolicies: [],
      resourcePolicy: resource ?? undefined,
      permissionBoundaryPolicies: boundary ? named(boundary) : undefined,
    },
    {},
  );
  const told =
    answer.resultType === "single"
      ? { verdict: answer.overallResult, ignored: answer.result.ignoredContextKeys }
      : { error: answer.errors ?? answer.resultType };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
