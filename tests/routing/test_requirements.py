from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable, Iterable
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import switchroom.routing.requirements as requirements_module
from switchroom.errors import InvalidInput, RequirementSyntaxError
from switchroom.routing.requirements import (
    MAX_DEPTH,
    MAX_TERMS,
    MAX_TEXT,
    And,
    Anyone,
    Atom,
    Between,
    Compare,
    Facts,
    FactValue,
    Has,
    In,
    Named,
    Nobody,
    Not,
    Or,
    Requirement,
    Value,
    contradiction,
)

if TYPE_CHECKING:
    from random import Random

parse = Requirement.parse

NAMES = ["a", "b", "c", "tier.gold", "en-us", "first line", "in", "24h", "back`tick\\"]
AGENTS = ["ana", "bob", "cy"]
OPERATORS = ["==", "!=", "<", "<=", ">", ">="]
TEXTS = ["", "x", "y", "q\"\\'`", "line\nend", "\u2028é", "\U000e0001"]

names = st.sampled_from(NAMES)
numbers = st.integers(-1, 5) | st.sampled_from([0.5, 2.0, -0.0, 1e-7, 1e15, -1e15, 0.1])
texts = st.sampled_from(TEXTS)
values = numbers | texts | st.booleans()
ordered_values = numbers | texts


def between(name: str, ends: tuple[float, float]) -> Between:
    return Between(name, min(ends), max(ends))


atoms: st.SearchStrategy[Requirement] = st.one_of(
    st.builds(Has, names),
    st.builds(Compare, names, st.sampled_from(["==", "!="]), values),
    st.builds(Compare, names, st.sampled_from(["<", "<=", ">", ">="]), ordered_values),
    st.builds(In, names, st.lists(values, min_size=1, max_size=4)),
    st.builds(between, names, st.tuples(numbers, numbers)),
    st.builds(Named, st.sets(st.sampled_from(AGENTS), min_size=1)),
    st.builds(lambda agent: Compare("agent", "!=", agent), st.sampled_from(AGENTS)),
    st.just(Has("agent")),
)
requirements: st.SearchStrategy[Requirement] = st.recursive(
    atoms | st.sampled_from([Anyone(), Nobody()]),
    lambda part: st.one_of(
        st.builds(Not, part),
        st.builds(And, st.lists(part, min_size=2, max_size=3)),
        st.builds(Or, st.lists(part, min_size=2, max_size=3)),
    ),
    max_leaves=10,
)
fact_values: st.SearchStrategy[FactValue] = values | st.frozensets(texts) | st.just(float("nan"))
facts: st.SearchStrategy[Facts] = st.builds(
    lambda found, agent: found if agent is None else {**found, "agent": agent},
    st.dictionaries(names, fact_values),
    st.none() | st.sampled_from(AGENTS),
)


untyped: Any = requirements_module
Build = Callable[[Iterable[Requirement]], Requirement]


# Text and values


@given(requirements)
def test_what_a_requirement_prints_parses_back_to_an_equal_one(requirement: Requirement) -> None:
    """The text of a requirement parses to the same requirement, and equal ones share a hash."""
    again = parse(str(requirement))
    assert again == requirement
    assert type(again) is type(requirement)
    assert hash(again) == hash(requirement)
    assert shape(again) == shape(requirement)


def shape(requirement: Requirement) -> object:
    """The fields all the way down, so that equality of texts cannot hide a difference of values."""
    match requirement:
        case And(parts=parts) | Or(parts=parts):
            return type(requirement), tuple(map(shape, parts))
        case Not(part=part):
            return Not, shape(part)
        case In(name=name, values=chosen):
            return In, name, tuple((type(value), value) for value in chosen)
        case Compare(name=name, op=op, value=value):
            return Compare, name, op, type(value), value
        case _:
            fields = [field.name for field in attrs.fields(type(requirement)) if not field.name.startswith("_")]
            return type(requirement), [getattr(requirement, field) for field in fields]


@given(requirements)
def test_a_requirement_survives_pickling_and_copying(requirement: Requirement) -> None:
    """Pickled, copied and deeply copied requirements are equal to the original, whatever they had cached."""
    requirement.compile()
    assert pickle.loads(pickle.dumps(requirement)) == requirement
    assert copy.copy(requirement) == requirement
    assert copy.deepcopy(requirement) == requirement


def test_the_readable_form_and_the_typed_values_are_the_same_thing() -> None:
    """A text gives the values that one would build by hand."""
    text = """spanish >= 3 and (billing or refunds) and not trainee and region in {"latam", 'emea', "emea"}"""
    built = (
        Compare("spanish", ">=", 3)
        & (Has("billing") | Has("refunds"))
        & ~Has("trainee")
        & In("region", ["emea", "latam"])
    )
    assert parse(text) == built
    assert str(built) == 'spanish >= 3 and (billing or refunds) and not trainee and region in {"emea", "latam"}'
    assert parse("level in 2..4") == Between("level", 2, 4)
    assert parse('agent == "ana"') == Named("ana")
    assert parse('agent in {"bob", "ana"}') == Named({"ana", "bob"})
    assert parse('agent != "ana"') == Compare("agent", "!=", "ana")
    assert (parse("true"), parse("false")) == (Anyone(), Nobody())


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a AND b Or NOT c", "a and b or not c"),
        ("a and (b and c)", "a and (b and c)"),
        ("(a and b) or c", "a and b or c"),
        ("not a >= 3", "not (a >= 3)"),
        ("not not a", "not not a"),
        ("((a))", "a"),
        ("a == TRUE", "a == true"),
        ("a in{2,1.0,1,true}", "a in {true, 1, 2}"),
        ("a in -1..2.50", "a in -1..2.5"),
        ("a>=3 and(b)", "a >= 3 and b"),
        ("a == '\\u0041\\U00000042\\n\\''", 'a == "AB\\n\'"'),
        ("`first line` or `plain`", "`first line` or plain"),
        ("`In` and `a\\`b`", "`In` and `a\\`b`"),
        ("_x and tier.gold and en-us and ns:v and été", "_x and tier.gold and en-us and ns:v and été"),
        ("a == -0.0", "a == 0"),
        ("a\n\tand\r\nb", "a and b"),
    ],
)
def test_printing_has_one_spelling(text: str, printed: str) -> None:
    """Keywords in lower case, sets sorted, numbers and quotes one way, brackets only where they say something."""
    assert str(parse(text)) == printed


def test_numbers_and_booleans_are_never_mixed_up() -> None:
    """``1`` and ``true`` are different values, in sets and as dictionary keys too; ``1`` and ``1.0`` are the same."""
    assert Compare("a", "==", 1) != Compare("a", "==", True)
    assert len({Compare("a", "==", 1), Compare("a", "==", True), Compare("a", "==", 1.0)}) == 2
    assert In("a", [1, True]).values == (True, 1)
    assert not Compare("a", "==", 1).holds({"a": True})
    assert not Compare("a", "==", True).holds({"a": 1})
    assert Compare("a", "==", 1).holds({"a": 1.0})


class Level(IntEnum):
    HIGH = 4


class Region(StrEnum):
    EMEA = "emea"


def test_values_of_enumerations_count_as_what_they_are() -> None:
    """Members of IntEnum and StrEnum become plain values, so that they print like them."""
    assert str(Compare("a", "==", Level.HIGH) & Compare(Region.EMEA, "==", Region.EMEA)) == 'a == 4 and emea == "emea"'
    assert parse("a >= 3").compile()({"a": Level.HIGH})


def test_the_order_in_which_values_are_given_does_not_matter() -> None:
    """Agents and values are a set, written in one order under any hash seed."""
    agents = [f"agent-{number}" for number in range(10, 40)]
    assert Named(agents) == Named(reversed(agents))
    assert str(Named(agents)) == "agent in {" + ", ".join(f'"{agent}"' for agent in agents) + "}"
    assert In("a", [3, "x", True, 2]) == In("a", ("x", 2, True, 3, 2.0))


def test_of_takes_what_is_handy() -> None:
    """A text, a requirement or nothing at all."""
    assert Requirement.of("a") == Has("a")
    assert Requirement.of(None) == Anyone()
    built = Has("b")
    assert Requirement.of(built) is built


def test_operators_keep_one_level() -> None:
    """``&`` and ``|`` extend a conjunction or disjunction instead of nesting it."""
    a, b, c = Has("a"), Has("b"), Has("c")
    assert a & b & c == And([a, b, c])
    assert a | (b | c) == Or([a, b, c])
    assert ~~a == Not(Not(a))


def test_requirements_do_not_change() -> None:
    """Fields cannot be set, and a representation stays short."""
    requirement = parse(" or ".join(f"skill{number}" for number in range(100)))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Has("a").name = "b"  # type: ignore[misc]
    assert len(repr(requirement)) < 80


@pytest.mark.parametrize(
    "make",
    [
        lambda: Has(""),
        lambda: Has("x" * 129),
        lambda: Has(" a"),
        lambda: Has("a\nb"),
        lambda: untyped.Compare("a", "=", 3),
        lambda: Compare("a", "<", True),
        lambda: Compare("a", "==", float("nan")),
        lambda: Compare("a", "==", float("inf")),
        lambda: Compare("a", "==", 10**16),
        lambda: Compare("a", "==", "\ud800"),
        lambda: Compare("a", "==", "x" * 1001),
        lambda: untyped.Compare("a", "==", None),
        lambda: Compare("agent", "==", "ana"),
        lambda: Compare("agent", "<", "ana"),
        lambda: Compare("agent", "!=", 3),
        lambda: In("a", []),
        lambda: In("agent", ["ana"]),
        lambda: Between("a", 4, 2),
        lambda: Between("a", 1, float("inf")),
        lambda: Between("a", True, 2),
        lambda: Between("agent", 1, 2),
        lambda: Named([]),
        lambda: Named("not an id"),
        lambda: And([Has("a")]),
        lambda: Or([]),
        lambda: untyped.And([Has("a"), "b"]),
        lambda: untyped.Not("a"),
        lambda: untyped.Requirement.parse(3),
    ],
)
def test_bad_values_are_refused(make: Callable[[], object]) -> None:
    """A constructor refuses what has no meaning, naming the place."""
    with pytest.raises(InvalidInput) as caught:
        make()
    assert caught.value.field.startswith("requirement")


# Meaning


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("value", [0, 3, "x"])
def test_every_comparison_about_a_missing_name_is_false(op: str, value: Value) -> None:
    """Missing skills fail ``!=`` and ``<`` too, and ``not (...)`` of it is true."""
    requirement = Compare("a", op, value)  # type: ignore[arg-type]
    for present in ({}, {"b": 1}, {"a": float("nan")}):
        assert not requirement.holds(present)
        assert (~requirement).holds(present)
        assert not requirement.compile()(present)


@pytest.mark.parametrize("text", ["a", "a in {0, true}", "a in 0..5", 'a != "x"', "a == false", "agent"])
def test_every_other_atom_about_a_missing_name_is_false(text: str) -> None:
    """A bare name, sets, ranges and named agents follow the same rule."""
    assert not parse(text).holds({})
    assert parse(f"not ({text})").holds({})


MEANINGS: list[tuple[str, Facts, bool]] = [
    ("a", {"a": 1}, True),
    ("a", {"a": 0}, False),
    ("a", {"a": -1}, False),
    ("a", {"a": 0.5}, True),
    ("a", {"a": True}, True),
    ("a", {"a": False}, False),
    ("a", {"a": ""}, False),
    ("a", {"a": "no"}, True),
    ("a", {"a": frozenset()}, False),
    ("a", {"a": frozenset({""})}, True),
    ("a >= 3", {"a": 3}, True),
    ("a > 3", {"a": 3}, False),
    ("a < 3", {"a": 2.9}, True),
    ("a <= 3", {"a": 3.1}, False),
    ("a >= 3", {"a": True}, False),
    ("a <= 3", {"a": True}, False),
    ("a == 1", {"a": True}, False),
    ("a >= 3", {"a": "5"}, False),
    ('a != "x"', {"a": 5}, False),
    ("a != 5", {"a": "x"}, False),
    ("a != 5", {"a": 4}, True),
    ("a != true", {"a": False}, True),
    ('a < "b"', {"a": "a"}, True),
    ('a < "b"', {"a": frozenset({"a"})}, False),
    ('a == "x"', {"a": frozenset({"x", "y"})}, True),
    ('a != "x"', {"a": frozenset({"x", "y"})}, False),
    ('a != "x"', {"a": frozenset({"y"})}, True),
    ('a != "x"', {"a": frozenset()}, True),
    ("a != 3", {"a": frozenset({"3"})}, False),
    ('a in {"x", "z"}', {"a": frozenset({"x", "y"})}, True),
    ('a in {"w", "z"}', {"a": frozenset({"x", "y"})}, False),
    ('a in {"x", 3}', {"a": 3}, True),
    ('a in {"x", 3}', {"a": "3"}, False),
    ('a in {"x", "y"}', {"a": "y"}, True),
    ("a in 2..4", {"a": 2}, True),
    ("a in 2..4", {"a": 4}, True),
    ("a in 2..4", {"a": 4.5}, False),
    ("a in 0..1", {"a": True}, False),
    ('agent == "ana"', {"agent": "ana"}, True),
    ('agent in {"bob", "cy"}', {"agent": "ana"}, False),
    ('agent != "ana"', {"agent": "bob"}, True),
    ("a or b and c", {"a": 1}, True),
    ("(a or b) and c", {"a": 1}, False),
    ("not a and b", {"b": 1}, True),
    ("not (a and b)", {"b": 1}, True),
    ("not a == 3", {"a": 4}, True),
    ("true and not false", {}, True),
]


@pytest.mark.parametrize(("text", "given_facts", "expected"), MEANINGS)
def test_what_a_text_means(text: str, given_facts: Facts, expected: bool) -> None:
    """Each kind of atom and connective means what the reference page says, compiled or not."""
    requirement = parse(text)
    assert requirement.holds(given_facts) is expected
    assert requirement.compile()(given_facts) is expected
    assert requirement.explain(given_facts).passed is expected


@pytest.mark.parametrize("odd", [None, [1], {"x"}, object(), b"x", 1j])
def test_facts_of_no_known_kind_are_never_an_error(odd: object) -> None:
    """A fact that is none of number, text, boolean or set satisfies nothing, and raises nothing."""
    requirement = parse('a or a == 3 or a != "x" or a in {"x"} or a in {true} or a in 1..2 or a < "y" or a > 2')
    assert not requirement.holds({"a": odd})  # type: ignore[dict-item]
    assert not requirement.compile()({"a": odd})  # type: ignore[dict-item]


@given(requirements, facts)
def test_the_compiled_requirement_answers_the_same(requirement: Requirement, given_facts: Facts) -> None:
    """``compile`` is ``holds``, made once per normal form."""
    assert requirement.compile()(given_facts) is requirement.holds(given_facts)
    assert requirement.compile() is requirement.normal().compile()


# Normal form


@given(requirements, facts)
def test_the_normal_form_means_the_same(requirement: Requirement, given_facts: Facts) -> None:
    """No facts tell a requirement from its normal form."""
    assert requirement.normal().holds(given_facts) is requirement.holds(given_facts)


@given(requirements)
def test_the_normal_form_is_its_own(requirement: Requirement) -> None:
    """Normalising twice changes nothing, also when the normal form comes back as text, without its caches."""
    normal = requirement.normal()
    assert normal.normal() is normal
    assert parse(str(normal)) == normal
    assert parse(str(normal) + " ").normal() == normal


@given(requirements, st.randoms(use_true_random=False))
def test_the_normal_form_forgets_order_and_grouping(requirement: Requirement, random: Random) -> None:
    """Parts in another order, doubled, grouped or negated twice give the same normal form."""
    assert disturbed(requirement, random).normal() == requirement.normal()


def disturbed(requirement: Requirement, random: Random) -> Requirement:
    match requirement:
        case And(parts=parts) | Or(parts=parts):
            kind = And if isinstance(requirement, And) else Or
            changed = [disturbed(part, random) for part in (*parts, random.choice(parts))]
            random.shuffle(changed)
            return kind([changed[0], kind(changed[1:])])
        case Not(part=And(parts=parts)) if random.random() < 0.5:
            return Or([Not(disturbed(part, random)) for part in parts])
        case Not(part=part):
            return Not(disturbed(part, random))
        case _:
            neutral = And([requirement, Anyone()]) if random.random() < 0.5 else Or([Nobody(), requirement])
            return neutral if random.random() < 0.5 else Not(Not(requirement))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a and b", "b and a"),
        ("a and (b and a)", "a and b"),
        ("not not a", "a"),
        ("not (a and not b)", "b or not a"),
        ("not (a or b >= 3)", "not a and not (b >= 3)"),
        ("a and true", "a"),
        ("a and false", "false"),
        ("a or true", "true"),
        ("a or false", "a"),
        ("not true", "false"),
        ("a and not a", "false"),
        ("a or not a", "true"),
        ("a in {3}", "a == 3"),
        ("a in 3..3", "a == 3.0"),
        ('agent in {"ana"}', 'agent == "ana"'),
        ("(a or b) and (b or a)", "a or b"),
    ],
)
def test_requirements_equal_by_simple_laws_share_one_normal_form(one: str, other: str) -> None:
    """The laws that the reference page lists; the two then share one compiled test as well."""
    assert parse(one).normal() == parse(other).normal()
    assert parse(one).compile() is parse(other).compile()


@pytest.mark.parametrize(
    ("one", "other"),
    [("not (a >= 3)", "a < 3"), ("not (a == 3)", "a != 3"), ("a", "a > 0"), ("a == 1", "a == true")],
)
def test_not_is_never_moved_into_a_comparison(one: str, other: str) -> None:
    """Requirements that only facts with the name present cannot tell apart keep different normal forms."""
    assert parse(one).normal() != parse(other).normal()


def pair(number: int, name: str) -> tuple[Requirement, Requirement]:
    return Compare(f"{name}{number}", ">=", 3), Compare(f"b{number}", ">=", 3)


@pytest.mark.parametrize("name", ["a", "a" * 60])
@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (Or, lambda groups: Not(And(groups))),
        (And, lambda groups: Not(Or(groups))),
        (lambda pair: Not(Or(map(Not, pair))), And),
    ],
)
def test_a_normal_form_never_breaks_a_limit(name: str, inner: Build, outer: Build) -> None:
    """The largest requirements that can be built have normal forms that print within the limit and parse."""
    groups = [inner(pair(number, name)) for number in range(MAX_TERMS)]
    largest: Requirement = Nobody()
    with pytest.raises(InvalidInput, match=r"more than|longer than"):  # noqa: PT012  # grown until refused
        for count in range(2, MAX_TERMS):
            largest = outer(groups[:count])
    assert len(str(largest)) > 2_500
    for requirement in (largest, largest.normal()):
        assert len(str(requirement)) <= MAX_TEXT
        assert parse(str(requirement)) == requirement


def test_nesting_has_a_limit_that_the_text_form_shares() -> None:
    """What nests as deeply as allowed prints a text that parses; one level more is refused."""
    requirement: Requirement = Has("a")
    for number in range((MAX_DEPTH - 1) // 2):
        requirement = Not(And([requirement, Has(f"b{number}")]))
    requirement = Not(requirement)
    assert parse(str(requirement)) == requirement
    assert parse(str(requirement.normal())) == requirement.normal()
    with pytest.raises(InvalidInput, match="levels"):
        Not(requirement)


# Questions


@given(requirements, facts)
def test_what_is_needed_is_there_whenever_it_holds(requirement: Requirement, given_facts: Facts) -> None:
    """``needs`` names only facts without which the requirement cannot hold."""
    if requirement.holds(given_facts):
        assert requirement.needs() <= given_facts.keys()
    for name in requirement.needs():
        assert not requirement.holds({other: value for other, value in given_facts.items() if other != name})


@given(requirements, facts)
def test_only_the_named_agents_satisfy_it(requirement: Requirement, given_facts: Facts) -> None:
    """Where ``agents`` is not None, the requirement holds for no other agent."""
    bound = requirement.agents()
    if bound is not None and requirement.holds(given_facts):
        assert given_facts["agent"] in bound


@pytest.mark.parametrize(
    ("text", "needed", "bound"),
    [
        ("a >= 3 and (b or c) and not d", {"a"}, None),
        ("(a and b) or (b and c)", {"b"}, None),
        ("not (not a or b)", {"a"}, None),
        ('agent == "ana" and a', {"a", "agent"}, {"ana"}),
        ('agent == "ana" or agent in {"bob", "cy"}', {"agent"}, {"ana", "bob", "cy"}),
        ('agent == "ana" or a', set(), None),
        ('agent in {"ana", "bob"} and agent in {"bob", "cy"}', {"agent"}, {"bob"}),
        ('not (agent == "ana")', set(), None),
        ("true", set(), None),
        ("false", set(), set()),
    ],
)
def test_needs_and_agents(text: str, needed: set[str], bound: set[str] | None) -> None:
    """What an index can use is found through ``and``, and through ``or`` where all branches agree."""
    assert parse(text).needs() == needed
    assert parse(text).agents() == bound


@given(requirements)
def test_names_are_the_names_of_the_atoms(requirement: Requirement) -> None:
    """Every name mentioned is reported, and none else."""
    assert requirement.names() == {atom.name for atom in requirement.atoms() if isinstance(atom, Atom)}


def test_names_include_the_agent_and_what_is_negated() -> None:
    """Names under ``not`` and the named agents' ``agent`` count."""
    assert parse('a and not (b or c >= 3) and agent == "ana"').names() == {"a", "b", "c", "agent"}


@given(requirements, st.sets(st.sampled_from([*NAMES, "agent"])), facts)
def test_dropping_names_only_widens(requirement: Requirement, dropped: set[str], given_facts: Facts) -> None:
    """Without some names a requirement mentions none of them, and everyone who satisfied it still does."""
    left = requirement.without(dropped)
    assert left.names().isdisjoint(dropped)
    if requirement.holds(given_facts):
        assert left.holds(given_facts)
    if requirement.names().isdisjoint(dropped):
        assert left is requirement


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("spanish >= 3 and billing", "billing"),
        ("spanish >= 3 or billing", "true"),
        ("not spanish", "true"),
        ("not (spanish and billing)", "true"),
        ("not (spanish or billing)", "not billing"),
        ("billing and (spanish or refunds)", "billing"),
        ("spanish", "true"),
        ("billing or refunds", "billing or refunds"),
        ("false", "false"),
    ],
)
def test_what_is_left_without_a_skill(text: str, left: str) -> None:
    """A dropped condition counts as met, whether it asks for the skill or against it."""
    assert str(parse(text).without({"spanish"})) == left


@pytest.mark.parametrize(
    ("text", "given_facts", "terms"),
    [
        ("b and a", {"a": 1, "b": 2}, ("a", "b")),
        ("a and not b", {"a": 1, "b": 2}, ("a",)),
        ("a and (b or c)", {"a": 1, "b": 2, "c": 3}, ("a", "c")),
        ("a and (b or c >= 4)", {"a": 1, "b": 2, "c": 3}, ("a", "b")),
        ("b or c", {"b": 2, "c": 2}, ("b",)),
        ("b and c or d", {"b": 2, "c": 2, "d": 3}, ("b", "c")),
        ("a >= 1 and a <= 3", {"a": 2}, ("a",)),
        ("a and region and vip", {"a": 2, "region": "emea", "vip": True}, ("a",)),
        ('a and agent == "ana"', {"a": 2, "agent": "ana"}, ("a",)),
        ("a and b", {"a": 2}, ("a",)),
        ("a or b", {}, ()),
        ("not (not a or b)", {"a": 1, "b": 0}, ("a",)),
        ("true", {"a": 1}, ()),
    ],
)
def test_the_skills_that_count_for_the_best_skilled(text: str, given_facts: Facts, terms: tuple[str, ...]) -> None:
    """Distinct numeric names without ``not``, and of an ``or`` those of the best true branch."""
    assert parse(text).skill_terms(given_facts) == terms


@given(requirements, facts, st.randoms(use_true_random=False))
def test_skill_terms_do_not_depend_on_how_it_is_written(
    requirement: Requirement, given_facts: Facts, random: Random
) -> None:
    """Equal requirements count the same skills, each of them a number among the facts."""
    terms = requirement.skill_terms(given_facts)
    assert disturbed(requirement, random).skill_terms(given_facts) == terms
    assert len(set(terms)) == len(terms)
    assert all(type(given_facts[name]) in (int, float) for name in terms)


def test_an_explanation_shows_every_part() -> None:
    """One line per part: its mark, its text, and for an atom what was found."""
    explained = parse('a >= 3 and (`first line` or region in {"x"}) and not b').explain(
        {"a": 4, "region": frozenset({"z", "y"})}
    )
    assert str(explained).splitlines() == [
        'fail  a >= 3 and (`first line` or region in {"x"}) and not b',
        "  pass  a >= 3  (a = 4)",
        '  fail  `first line` or region in {"x"}',
        "    fail  `first line`  (`first line` is missing)",
        '    fail  region in {"x"}  (region = {"y", "z"})',
        "  pass  not b",
        "    fail  b  (b is missing)",
    ]
    assert explained.children[2].children[0].missing
    assert not explained.children[0].missing
    assert not explained.missing


@given(requirements, facts)
def test_an_explanation_agrees_with_itself(requirement: Requirement, given_facts: Facts) -> None:
    """Every node of an explanation passes exactly if its own text holds of the facts."""
    pending = [requirement.explain(given_facts)]
    assert pending[0].passed is requirement.holds(given_facts)
    while pending:
        node = pending.pop()
        assert parse(node.text).holds(given_facts) is node.passed
        pending.extend(node.children)


# Contradictions


@given(requirements, facts)
def test_nothing_satisfies_a_contradiction(requirement: Requirement, given_facts: Facts) -> None:
    """What is called a contradiction holds of no facts."""
    assert not (requirement.holds(given_facts) and contradiction(requirement))


POOL: list[FactValue] = [
    *(number / 2 for number in range(-4, 9)),
    True,
    False,
    *["", "w", "x", "xa", "y", "z"],
    *(frozenset(chosen) for size in range(4) for chosen in itertools.combinations(["", "x", "y", "z"], size)),
]
about_a: st.SearchStrategy[Requirement] = st.one_of(
    st.just(Has("a")),
    st.builds(Compare, st.just("a"), st.sampled_from(OPERATORS), st.integers(0, 2) | st.sampled_from(["", "x", "y"])),
    st.builds(Compare, st.just("a"), st.sampled_from(["==", "!="]), st.booleans()),
    st.builds(In, st.just("a"), st.lists(st.sampled_from([0, 1, 2, "x", "y", True]), min_size=1)),
    st.builds(lambda low, more: Between("a", low, low + more), st.integers(0, 2), st.integers(0, 1)),
)


@given(st.lists(about_a | about_a.map(Not), min_size=2, max_size=5))
@settings(max_examples=300)
def test_contradictions_about_one_name_are_all_found(literals: list[Requirement]) -> None:
    """Of atoms and negated atoms joined by ``and`` the check is exact: it agrees with trying everything."""
    requirement = And(literals)
    possible = any(requirement.holds(tried) for tried in ({}, *({"a": value} for value in POOL)))
    assert contradiction(requirement) is not possible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("false", True),
        ("a >= 3 and a < 2", True),
        ("a > 2 and a < 3", False),
        ("a >= 3 and a <= 3 and a != 3", True),
        ("a and not a", True),
        ("a and a <= 0", True),
        ("not a and a > 0", True),
        ("not (a >= 3) and not (a < 3)", False),
        ('a == "x" and a == "y"', False),
        ('a == "x" and a == 3', True),
        ("a == 3 and a == 4", True),
        ('agent == "ana" and agent == "bob"', True),
        ('agent == "ana" and agent != "ana"', True),
        ('agent in {"ana", "bob"} and agent != "ana"', False),
        ("(a >= 3 or a == 1) and a == 2", True),
        ("(a >= 3 and a < 2) or (b and not b)", True),
        ("(a >= 3 and a < 2) or b", False),
        ("a > 1e15", False),
        ("true", False),
        ("not (a in 1..3) and a in 2..3", True),
        ('a > "x" and a < "y"', False),
        ('a > "x" and a == "x"', True),
        ('a == "x" and a == "y" and a != "z"', False),
        ('a == "x" and a == "y" and a != "x"', True),
        ('a == "x" and a == "y" and not (a in {"z", "y"})', True),
        ('not a and a != "" and a != "x"', False),
    ],
)
def test_contradictions(text: str, expected: bool) -> None:
    """Bounds that cross, kinds that differ, agents that are two, and branches that all fail are found."""
    assert contradiction(parse(text)) is expected


# Mistakes in the text: (text, column from 1, a word of the hint)

MISTAKES = [
    ("", 1, "nothing"),
    ("   ", 1, "nothing"),
    ("a = 3", 3, "=="),
    ("a === 3", 3, "=="),
    ("a <> 3", 3, "!="),
    ("a => 3", 3, ">="),
    ("a =< 3", 3, "<="),
    ("a ≥ 3", 3, ">="),
    ("a && b", 3, "and"),
    ("a & b", 3, "and"),
    ("a || b", 3, "or"),
    ("a and !b", 7, "not"),
    ("a == “x”", 6, "straight"),
    ("a and (b or c", 7, "closed"),
    ("a and b)", 8, "open"),
    ("(a b)", 4, "missing"),
    ("()", 2, "wanted"),
    ('a == "x', 6, "closed"),
    ("a == 'x\"", 6, "closed"),
    ('a == "x\ny"', 6, "closed"),
    ("a and `b", 7, "backtick"),
    ("``", 1, "missing"),
    ("` a`", 1, "name"),
    ("a in {}", 6, "empty"),
    ("a in {1", 6, "closed"),
    ("a in {1 2}", 9, "comma"),
    ("a in {1, }", 10, "value"),
    ("a in {b}", 7, "quotes"),
    ("a in {1..3}", 8, "braces"),
    ("a in {{1}}", 7, "nest"),
    ("a in (1, 2)", 6, "braces"),
    ("a in [1, 2]", 6, "braces"),
    ('a in "emea"', 6, '{"emea"}'),
    ("a in emea", 6, "braces"),
    ("a in 3", 6, "a == 3"),
    ("a in 4..2", 6, "smaller"),
    ("a in 2..", 9, "both ends"),
    ("a in 2...4", 9, "point"),
    ("a in 2-4", 7, "two points"),
    ('a in 2.."x"', 9, "number"),
    ("a not in {1}", 3, "not (name in"),
    ("spanish billing", 9, "missing"),
    ("a (b)", 3, "missing"),
    ("a not b", 3, "missing"),
    ("a is 3", 3, "=="),
    ('a contains "x"', 3, "=="),
    ("3", 1, "value without a name"),
    ('"spanish"', 1, "no quotes: spanish"),
    ("a and 3 < b", 7, "name stands first"),
    ("1 < a < 3", 1, "a in 2..4"),
    ("a > 1 > 3", 7, "chain"),
    ("(a) == 3", 5, "parenthesis"),
    ("and a", 1, "wanted"),
    ("a and", 6, "after and"),
    ("a or  ", 5, "after or"),
    ("not", 4, "after not"),
    ("a and or b", 7, "after and"),
    ("in == 3", 1, "`in`"),
    ("true == 3", 1, "`true`"),
    ("a and not in {1}", 11, "after not"),
    (">= 3", 1, "missing"),
    ("a ==", 5, "value is missing"),
    ("a == b", 6, '"b"'),
    ("a == `b`", 6, "another name"),
    ("a == and", 6, "value"),
    ("a == {1}", 6, "in"),
    ("a == 2..4", 7, "ranges"),
    ("a < true", 5, "order"),
    ("3abc", 1, "backticks"),
    ("a>=3and b", 4, "backticks"),
    ("a > .5", 5, "before the point"),
    ("a > 5.", 6, "after the point"),
    ("a > 1e999", 5, "large"),
    ("a > 9999999999999999", 5, "large"),
    ("a == nan", 6, "quotes"),
    ("a + b", 3, "arithmetic"),
    ("a @ b", 3, "unknown"),
    ("a and - b", 7, "'-'"),
    ("a, b", 2, "out of place"),
    ('a == "\\q"', 7, "escape"),
    ('a == "\\u12"', 7, "escape"),
    ('a == "\\U00110000"', 7, "character"),
    ('a == "\\ud800"', 6, "text"),
    ("agent == 3", 10, "text"),
    ("agent in 1..3", 10, "agents"),
    ('agent < "ana"', 9, "agents"),
    ("a and " + "n" * 129 + " == 3", 7, "name"),
    ("a and " + "(" * (MAX_DEPTH + 1) + "b" + ")" * (MAX_DEPTH + 1), 7 + MAX_DEPTH, "deep"),
    ("not " * (MAX_DEPTH + 1) + "a", 1 + 4 * MAX_DEPTH, "deep"),
    (" or ".join(["a"] * (MAX_TERMS + 1)), 1, "terms"),
    ("a" + " " * MAX_TEXT, MAX_TEXT + 1, "long"),
]


@pytest.mark.parametrize(("text", "column", "word"), MISTAKES)
def test_a_mistake_is_pointed_at_with_a_hint(text: str, column: int, word: str) -> None:
    """Each common mistake is reported at its place, with a hint that says what to write."""
    with pytest.raises(RequirementSyntaxError) as caught:
        parse(text)
    assert (caught.value.position + 1, word in caught.value.hint) == (column, True), caught.value.hint
    assert len(str(caught.value)) < 400


WORDS = [
    *("a", "b", "agent", "`x y`", "and", "or", "not", "in", "true", "FALSE", "(", ")", "{", "}", ",", ".."),
    *(
        *OPERATORS,
        "=",
        "&&",
        '"x"',
        "'y'",
        '"',
        "`",
        "3",
        "-1.5",
        "2..4",
        "{1, 2}",
        "\\",
        "\n",
        "1e5",
        "is",
        "é",
        "\x00",
    ),
]


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=40))
@settings(max_examples=500)
def test_no_text_raises_anything_but_a_syntax_error(text: str) -> None:
    """Any text either parses, and then prints and means something, or is refused at a place inside it."""
    try:
        requirement = parse(text)
    except RequirementSyntaxError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017  # whether it raises is what varies
    else:
        assert parse(str(requirement)) == requirement
        requirement.normal().holds({})
        contradiction(requirement)


def test_a_deep_text_within_the_limit_parses() -> None:
    """Nesting up to the limit is fine."""
    assert parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == Has("a")
    assert parse(" or ".join(f"a{n}" for n in range(MAX_TERMS))).names() == {f"a{n}" for n in range(MAX_TERMS)}
