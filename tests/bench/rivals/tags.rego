# The least that a check of tags does: the six mandatory keys of envs/tags.yaml, on all that shows tags_all.
package tags

required := {
	"anycompany:finance:business-unit",
	"anycompany:finance:cost-center",
	"anycompany:finance:owner",
	"anycompany:security:data-classification",
	"anycompany:workload:application-id",
	"anycompany:workload:environment",
}

incomplete contains resource.address if {
	some resource in input.resource_changes
	some action in resource.change.actions
	action in {"create", "update"}
	tags := resource.change.after.tags_all
	some key in required
	not tags[key]
}
