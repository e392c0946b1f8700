"""Answer what moto's SageMaker lacks: Studio, projects, inference components, steps of pipelines, shared registries."""
