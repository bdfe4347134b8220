"""Templates: strict, counted, and looked at before anybody gets one."""

from __future__ import annotations

import pytest

from outbound.office import Office, number, someone
from switchroom.errors import InvalidInput, NotAllowed
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import MessageTemplate
from switchroom.outbound.rendering import Renderer


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize(
    "text",
    ["Hi {0.__init__.__globals__}", "{:>1000000000}", "%1000000000d", "%s%s%n", "{{7*7}}"],
)
def test_other_languages_are_plain_text(text: str) -> None:
    """What formatting or Liquid would take for a place is text like any other."""
    assert Renderer(text).render({}).text == text


@pytest.mark.parametrize("text", ["Hi ${x.__class__.__init__}!", "${", "$name", "${1}", "${a b}", "${x!r}", "${x:>9}"])
def test_what_is_no_place_is_refused(text: str) -> None:
    """Names only: no calls, no formats; and a name that has no value is refused before anything is sent."""
    with pytest.raises(InvalidInput):
        Renderer(text).render({"x": "1"})


@pytest.mark.parametrize("value", ["${name}", "{{7*7}}", "%s%s%n", "${x.__class__}", "$$", "'; DROP TABLE ev;--"])
def test_values_are_never_expanded(office: Office, value: str) -> None:
    """A contact called ``${secret}`` gets a message to ``${secret}``."""
    office.center.lists.save(ContactList("people", address="phone", columns=["name", "phone"]))
    office.center.lists.append("people", [{"name": value, "phone": number(1)}])
    office.run()
    assert office.texts() == [f"Hello {value}"]


def test_parts_are_counted_after_filling_in(office: Office) -> None:
    """A short text with a long name, and one curly quote."""
    office.center.templates.save(MessageTemplate("hi", text="Hello ${name}"))
    preview = office.center.templates.preview
    assert preview("hi", {"name": "Ann"}).parts == 1
    assert preview("hi", {"name": "x" * 160}).parts == 2
    assert preview("hi", {"name": "O’Hara" + "x" * 70}).parts == 2
    assert preview("hi", {"name": "x" * 500}, channel="email").parts == 1


def test_the_lint_names_what_is_wrong(office: Office) -> None:
    """Choices that are keywords, links, shorteners, no way out, an expensive character."""
    lint = office.center.templates.lint
    found = lint(MessageTemplate("a", text="Come? Reply YES or CANCEL", choices=["YES", "CANCEL", "MAYBE"]))
    assert [(f.severity, f.code) for f in found][:2] == [("error", "keyword"), ("error", "keyword")]
    found = lint(MessageTemplate("b", text="See https://a.example and http://bit.ly/x. It’s on"))
    assert [f.code for f in found] == ["links", "shortened_link", "no_opt_out", "ucs2"]
    assert lint(MessageTemplate("c", text="Sale! Reply STOP to end")) == ()
    assert lint(MessageTemplate("d", text="Your code"), purpose="transactional") == ()
    assert lint(MessageTemplate("e", text="long text"), channel="email") == ()
    assert lint(MessageTemplate("f", text="Hi $name"))[0].code == "syntax"


def test_a_template_with_an_error_is_not_saved(office: Office) -> None:
    """Warnings are told, errors refuse."""
    with pytest.raises(InvalidInput, match="keyword"):
        office.center.templates.save(MessageTemplate("a", text="Come?", choices=["STOP"]))
    with pytest.raises(InvalidInput):
        office.center.templates.save(MessageTemplate("a", text="  "))
    office.center.templates.save(MessageTemplate("a", text="Come?"))
    assert office.center.templates.names() == ("a",)


def test_campaigns_use_templates_and_columns(office: Office) -> None:
    """A saved template, or each contact's own text; a used template is not deleted."""
    office.center.lists.save(ContactList("people", address="phone", columns=["phone", "message"]))
    office.center.lists.append("people", [{"phone": number(n), "message": f"Own {n}"} for n in range(2)])
    office.center.templates.save(MessageTemplate("hi", text="To ${phone}"))
    office.campaign(template="hi", text="")
    with pytest.raises(NotAllowed, match="used by spring"):
        office.center.templates.delete("hi")
    office.center.campaigns.start("spring")
    office.work()
    office.run("own", text="", text_column="message")
    assert office.texts() == [f"To {number(0)}", f"To {number(1)}", "Own 0", "Own 1"]
    office.center.templates.delete("hi")


# -- Liquid


def test_liquid_has_conditions_and_loops(office: Office) -> None:
    """The extra's engine, for campaigns and notifications alike."""
    pytest.importorskip("liquid")
    text = "{% if vip == 'yes' %}Dear{% else %}Hi{% endif %} {{ name | upcase }}"
    office.center.templates.save(MessageTemplate("hi", text=text, engine="liquid"))
    office.center.lists.save(ContactList("people", address="phone", columns=["name", "vip", "phone"]))
    office.center.lists.append(
        "people", [{"name": "Ann", "vip": "yes", "phone": number(0)}, {"name": "Bob", "vip": "", "phone": number(1)}]
    )
    office.run(template="hi", text="")
    assert office.texts() == ["Dear ANN", "Hi BOB"]
    office.center.notify(
        "main", someone(3), template="hi", values={"name": "cid", "vip": "no"}, purpose="transactional"
    )
    office.work()
    assert office.texts()[-1] == "Hi CID"


@pytest.mark.parametrize(
    "text",
    [
        "{{ name.__class__.__mro__ }}",
        "{{ missing }}",
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}",
        "{{ name | append: name | append: name | times: 10000000 | foo }}",
        "{% include 'etc/passwd' %}",
        "{% render 'x' %}",
        "{% if %}",
        "{{",
        "{% assign x = name %}" * 3 + "{% for i in (1..999) %}{% assign x = x | append: x %}{% endfor %}{{ x }}",
    ],
)
def test_liquid_is_limited(text: str) -> None:
    """No reaching into Python, no bombs, nothing to include: refused, in milliseconds."""
    pytest.importorskip("liquid")
    with pytest.raises(InvalidInput):
        Renderer(text, engine="liquid").render({"name": "Ann" * 10})
