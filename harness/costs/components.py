"""Tell the parts of SageMaker apart by usage type: notebooks, training, processing, hosting, Studio and more.

A usage type is a region, a colon or hyphen, the component, and mostly an instance type: `EUC1-Train:ml.m5.large`.
aws.amazon.com/sagemaker/ai/pricing names the components; usage types are those that public bills show.
"""

from typing import Final

COMPONENT_LABEL: Final = "SageMaker component"
# In this order: the first that matches counts. Regular expressions over the usage type.
COMPONENTS: Final = (
    ("Notebooks", "(^|-)(Notebk|NBInstance|Notebook)"),
    ("Studio apps", "(^|-)(Studio|JupyterLab|CodeEditor|RStudio|KernelGateway|TensorBoard)"),
    ("Canvas", "(^|-)Canvas"),
    ("Training", "(^|-)(Train|SpotTrain|Warm|HyperPod|Cluster)"),
    ("Batch transform", "(^|-)(Tsform|Transform|BatchTransform)"),
    ("Processing", "(^|-)(Process|DataWrangler|Geospatial)"),
    ("Hosting", "(^|-)(Host|AsyncInf|ServerlessInf|Serverless|Inference|MultiModel|Endpoint)"),
    ("Feature store", "(^|-)(FeatureStore|OfflineStore|OnlineStore)"),
    ("Labelling", "(^|-)(GroundTruth|Label|A2I|Augmented)"),
    ("Storage and transfer", "(VolumeUsage|DataTransfer|DataXfer|Data-Bytes|TimedStorage)"),
)
OTHER: Final = "Other"


def component_case(column: str = "x_UsageType") -> str:
    """Return SQL that names the component of a usage type. Raises: nothing."""
    cases = " ".join(f"WHEN REGEXP_MATCHES({column}, '{pattern}') THEN '{name}'" for name, pattern in COMPONENTS)
    return f"CASE {cases} ELSE '{OTHER}' END"
