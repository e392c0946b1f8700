"""Find exports, their bucket and what queries them that an interrupted apply left behind."""

from collections.abc import Iterator

from harness.documents import render_cost_exports
from harness.operations.addresses import COST_EXPORT, indexed
from harness.operations.orphan import Orphan
from harness.operations.session import Session
from harness.state import State, Unreadable

_KEY = "costs"  # of database and workgroup, of which there is one each


def find_export_orphans(session: Session, state: State) -> Iterator[Orphan]:
    """Yield what is live under the names of `cost_exports`; settings of the bucket are put over those that are there.

    Raises: nothing.
    """
    documents, live = render_cost_exports(session.environment), state.cost_exports
    if documents is None or live is None or isinstance(live, Unreadable):
        return
    home, payer = session.environment.regions.home, session.environment.payer_account_id
    for name, export in () if isinstance(live.exports, Unreadable) else live.exports.items():
        if not isinstance(export, Unreadable):
            address = indexed(f"{COST_EXPORT}.aws_bcmdataexports_export.this", name)
            yield Orphan(address, export.arn, "cost export", name, home)
    if live.bucket and not isinstance(live.bucket, Unreadable):
        name = documents.bucket.name
        yield Orphan(f"{COST_EXPORT}.aws_s3_bucket.this", name, "export bucket", name, home)
    catalog = documents.catalog
    if catalog is None or live.catalog is None:
        return
    if live.catalog.database is True:
        address = indexed(f"{COST_EXPORT}.aws_glue_catalog_database.this", _KEY)
        yield Orphan(address, f"{payer}:{catalog.database}", "cost database", catalog.database, home)
    for name, table in live.catalog.tables.items():
        if table and not isinstance(table, Unreadable):
            address = indexed(f"{COST_EXPORT}.aws_glue_catalog_table.this", name)
            yield Orphan(address, f"{payer}:{catalog.database}:{name}", "cost table", name, home)
    if live.catalog.workgroup and not isinstance(live.catalog.workgroup, Unreadable):
        address = indexed(f"{COST_EXPORT}.aws_athena_workgroup.this", _KEY)
        yield Orphan(address, catalog.workgroup, "workgroup", catalog.workgroup, home)
