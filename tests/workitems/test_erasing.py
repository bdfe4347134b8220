"""Erasing a person: their work goes on without what describes them, live and after a replay."""

from __future__ import annotations

from switchroom import WorkItem
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Workbin, Worktype

from .desk import desk
from .test_work_machine import check_replay


def test_the_work_of_an_erased_person_loses_its_attributes_and_links() -> None:
    """In memory, in routing, in the log; its status, its place and the work of others stay."""
    center = desk()
    center.workbins.save(Workbin("post"))
    center.worktypes.save(Worktype("claim", workbin="post", attributes=[Attribute("street", indexed=True)]))
    street = {"street": "Elm Street"}
    mine = center.work.submit(WorkItem(worktype="claim", contact="kim", attributes=street, links=["https://a/kim"]))
    other = center.work.submit(WorkItem(worktype="claim", contact="joe", attributes=street))
    center.work.change(mine, attributes={"street": "Oak Street"}, by="ana")
    center.privacy.erase("kim")
    view = center.work.view(mine)
    assert (view.attributes, view.links, view.place) == ({}, (), "workbin:post")
    assert center.work.view(other).attributes == street
    assert [v.id for v in center.workbins.page("post", agent="eve", where='street == "Elm Street"').works] == [other]
    assert "Oak" not in "".join(repr(record.event) for record in center.events())
    center.check()
    check_replay(center)
