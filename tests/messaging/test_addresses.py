"""Addresses: one written form for each, typed refusals, and nothing personal in what is printed."""

from __future__ import annotations

import pickle
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import FORMS, Address, AddressKind
from switchroom.messaging.calling_codes import calling_code, country_of, language_of

ONE_NUMBER = [
    "+15551234567",
    "+15551234567\n",
    "  +1 (555) 123-4567 ",
    "+1.555.123.4567",
    "0015551234567",
    "00 1 555 123 4567",
    "tel:+1-555-123-4567",
    "TEL:+15551234567",
    "sms:+15551234567",
    "＋１５５５１２３４５６７",
    "+١٥٥٥١٢٣٤٥٦٧",
    "+१५५५१२३४५६७",
    "\u202a+1 555 123 4567\u202c",
    "+1\u2011555\u2011123\u20114567",
    "+1\xa0555\xa01234567",
]


@pytest.mark.parametrize("written", ONE_NUMBER)
def test_one_number_has_one_form(written: str) -> None:
    """However a number is written, it is the same key at opt-out and at sending."""
    assert Address("sms", written) == Address("sms", "+15551234567")
    assert Address("sms", written).contact_key == "sms:+15551234567"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("²", "not_a_number"),
        ("+1555123456²", "not_a_number"),
        ("STOP@12345", "not_a_number"),
        ("+1555\n1234567", "control"),
        ("+15551234567\x00", "control"),
        ("5551234567", "no_country"),
        ("555-1234", "no_country"),
        ("+12345", "length"),
        ("+155512345", "length"),
        ("+155512345678", "length"),
        ("+0155512345", "length"),
        ("+1234567890123456", "length"),
        ("+4412345678901234", "length"),
        ("++15551234567", "not_a_number"),
        ("tel:+15551234567;ext=12", "not_a_number"),
        ("МОЙБАНК", "not_a_number"),
        ("A MUCH TOO LONG NAME", "not_a_number"),
        ("1" * 65, "too_long"),
    ],
)
def test_what_is_no_number_is_refused(written: str, code: str) -> None:
    """A value that no phone has is refused with the rule it breaks."""
    with pytest.raises(InvalidInput) as caught:
        Address("sms", written)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("12345", AddressKind.SHORT_CODE, "12345"),
        ("١٢٣٤٥", AddressKind.SHORT_CODE, "12345"),
        ("767", AddressKind.SHORT_CODE, "767"),
        ("MYBANK", AddressKind.SENDER_NAME, "MYBANK"),
        ("H&M", AddressKind.SENDER_NAME, "H&M"),
        ("24seven", AddressKind.SENDER_NAME, "24seven"),
    ],
)
def test_short_codes_and_names_are_never_numbers(written: str, kind: AddressKind, value: str) -> None:
    """A short code or sender name keeps its own kind and is no address of a person."""
    address = Address("sms", written)
    assert (address.kind, address.value, address.country) == (kind, value, None)
    assert not address.contactable
    with pytest.raises(InvalidInput) as caught:
        _ = address.contact_key
    assert caught.value.code == "not_contactable"


@pytest.mark.parametrize("channel", ["sms", "voice", "email", "whatsapp"])
@pytest.mark.parametrize("written", ["", "  ", "anonymous", "Restricted", "UNKNOWN", "+266696687", "+7378742833"])
def test_a_withheld_caller_is_an_address_but_no_key(channel: str, written: str) -> None:
    """A hidden caller id may come in and can never become a contact or a campaign row."""
    address = Address(channel, written)
    assert address.kind is AddressKind.WITHHELD
    assert not address.contactable
    with pytest.raises(InvalidInput):
        _ = address.contact_key


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("user+tag@EXAMPLE.com", "user+tag@example.com"),
        ("User@example.com.", "User@example.com"),
        (" a@b.example ", "a@b.example"),
        ("u@BÜCHER.example", "u@xn--bcher-kva.example"),
        ("u@xn--bcher-kva.example", "u@xn--bcher-kva.example"),
        ("u@bu\u0308cher.example", "u@xn--bcher-kva.example"),
        ('"a b"@x.example', '"a b"@x.example'),
        ('"needless"@x.example', "needless@x.example"),
        ('"a@b"@x.example', '"a@b"@x.example'),
        ("o'neil@x.example", "o'neil@x.example"),
    ],
)
def test_one_mailbox_has_one_form(written: str, value: str) -> None:
    """The domain is folded to lower case ASCII; the local part stays as it is."""
    assert Address("email", written).value == value


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("a@b\r\nBcc: x@y.example", "control"),
        ("a@b.example\n", "control"),
        ("a\x00@b.example", "control"),
        ("a\u202e@b.example", "control"),
        ("nobody", "syntax"),
        ("@b.example", "local_part"),
        ("a b@b.example", "local_part"),
        (".a@b.example", "local_part"),
        ("a..b@b.example", "local_part"),
        ("x" * 65 + "@b.example", "local_part"),
        ("Ann <a@b.example>", "local_part"),
        ("=?utf-8?q?other?=@b.example", "local_part"),
        ("a@b", "domain"),
        ("a@-b.example", "domain"),
        ("a@b..example", "domain"),
        ("a@127.0.0.1", "domain"),
        ("a@[127.0.0.1]", "domain"),
        ("a@straße.example", "domain"),
        ("a@" + "b" * 64 + ".example", "domain"),
        ("a@" + "é" * 100 + ".example", "domain"),
        ("a@" + ("b" * 60 + ".") * 5 + "example", "too_long"),
    ],
)
def test_what_is_no_mailbox_is_refused(written: str, code: str) -> None:
    """Line breaks that would start a header, and every malformed address, are refused with the rule."""
    with pytest.raises(InvalidInput) as caught:
        Address("email", written)
    assert caught.value.code == code


def test_an_opt_out_by_mail_counts_in_any_case() -> None:
    """Suppression looks at the exact and at the folded form; for telephones there is one."""
    keys = Address("email", "Ann@Example.com").suppression_keys
    assert keys == ("email:Ann@example.com", "email:ann@example.com")
    assert set(Address("email", "ann@example.com").suppression_keys) & set(keys)
    assert Address("sms", "+15551234567").suppression_keys == ("sms:+15551234567",)


def test_other_channels_have_handles_and_ids() -> None:
    """A handle loses at sign and case; page, widget and unknown channels keep ids as they are."""
    assert Address("x", "@Ana_Smith") == Address("x", "ana_smith")
    assert Address("messenger", "102938475610").kind is AddressKind.OPAQUE
    assert Address("web", "Widget-7") != Address("web", "widget-7")
    assert Address("whatsapp", "15551234567").value == "+15551234567"
    for channel, value in [("x", "a b"), ("web", ""), ("web", "a b"), ("messenger", "x\n"), ("pager", "../x")]:
        with pytest.raises(InvalidInput):
            Address(channel, value)


def test_a_channel_is_an_id_and_a_value_a_text() -> None:
    """What is neither is refused at the border."""
    with pytest.raises(InvalidInput):
        Address("s m s", "12345")
    with pytest.raises(InvalidInput) as caught:
        Address("sms", 12345)  # type: ignore[arg-type]
    assert caught.value.code == "not_text"


def test_nothing_personal_is_printed() -> None:
    """repr, str and formatting never show the full number, mailbox or id, and stay short."""
    secrets = {"sms": "+442079460123", "email": "ann.smith@example.com", "messenger": "102938475610", "x": "anasmith"}
    for channel, value in secrets.items():
        address = Address(channel, value)
        for shown in (repr(address), str(address), f"{address}", f"{[address]}"):
            assert value not in shown
            assert value.removeprefix("+")[2:-2] not in shown
            assert len(shown) < 40
    assert repr(Address("sms", "+442079460123")) == "Address(sms +44…23)"
    assert repr(Address("sms", "12345")) == "Address(sms 12345)"


def test_addresses_are_values() -> None:
    """They hash, compare and pickle by channel and form."""
    one, other = Address("sms", "+1 555 123 4567"), Address("sms", "0015551234567")
    assert len({one, other, Address("whatsapp", "+15551234567")}) == 2
    assert pickle.loads(pickle.dumps(one)) == other
    with pytest.raises(AttributeError):
        one.value = "+1"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("number", "code", "country", "language"),
    [
        ("+12125550100", "1", "US", "en"),
        ("+15145550100", "1", "CA", "fr"),
        ("+14165550100", "1", "CA", "en"),
        ("+12425550100", "1", "BS", "en"),
        ("+17875550100", "1", "PR", "es"),
        ("+18005550100", "1", None, None),
        ("+442079460000", "44", "GB", "en"),
        ("+77012345678", "7", "KZ", "kk"),
        ("+74951234567", "7", "RU", "ru"),
        ("+35312345678", "353", "IE", "en"),
        ("+998901234567", "998", "UZ", "uz"),
        ("+9991234567", "", None, None),
    ],
)
def test_a_prefix_tells_country_and_language(number: str, code: str, country: str | None, language: str | None) -> None:
    """The longest known prefix decides; toll-free and unassigned numbers belong nowhere."""
    assert (calling_code(number), country_of(number), language_of(number)) == (code, country, language)
    assert (Address("sms", number).country, Address("sms", number).language) == (country, language)


def test_countries_agree_with_the_full_metadata() -> None:
    """Every calling code of the large library has an entry here, with a country that it lists for the code."""
    phonenumbers = pytest.importorskip("phonenumbers")
    shared = {800, 808, 870, 878, 881, 882, 883, 888, 979}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        if code not in shared:
            assert country_of(f"+{code}") in {*regions, "SH"}, code
            assert calling_code(f"+{code}00000000") == str(code)


def test_examples_of_every_region_are_numbers_of_that_region() -> None:
    """Example mobile numbers of all regions are accepted, and those of one-region codes get that region."""
    phonenumbers = pytest.importorskip("phonenumbers")
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
        example = example or phonenumbers.example_number(region)
        written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        address = Address("sms", written)
        assert address.value == phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        if len(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[example.country_code]) == 1:
            assert address.country == region or region == "AC"  # counted to Saint Helena by ISO 3166


def test_canada_is_told_from_the_states() -> None:
    """Area codes of Canada agree with the large library."""
    phonenumbers = pytest.importorskip("phonenumbers")
    for area in range(200, 1000):
        region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+1{area}5550123"))
        country = country_of(f"+1{area}5550123")
        if region in {"US", "CA"} and country is not None:
            assert country == region, area


def test_national_numbers_need_a_country() -> None:
    """A national form is read with its country; for North America without any extra."""
    assert Address.national("sms", "(555) 123-4567", "US") == Address("sms", "+15551234567")
    assert Address.national("sms", "1 555 123 4567", "CA") == Address("sms", "+15551234567")
    assert Address.national("sms", "+44 20 7946 0000", "US") == Address("sms", "+442079460000")
    with pytest.raises(InvalidInput):
        Address.national("email", "555", "US")
    with pytest.raises(InvalidInput):
        Address.national("sms", "12345", "US")


def test_other_countries_use_the_extra() -> None:
    """The national form of any country is read by the library of the extra, trunk prefix and all."""
    pytest.importorskip("phonenumbers")
    assert Address.national("sms", "020 7946 0000", "GB") == Address("sms", "+442079460000")
    assert Address.national("voice", "030 123456", "DE") == Address("voice", "+4930123456")
    with pytest.raises(InvalidInput):
        Address.national("sms", "12", "GB")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, international forms work as ever and a national one says what to install."""
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert Address("sms", "+44 20 7946 0000").value == "+442079460000"
    with pytest.raises(ImportError, match=r"switchroom\[phone\]"):
        Address.national("sms", "020 7946 0000", "GB")


WRITTEN = st.text(alphabet="+0123456789 ()-.①²١٢٣０１AbZ@\r\n\x00\u202a\u200b", max_size=70)


@given(st.sampled_from([*FORMS, "web", "messenger"]), st.one_of(WRITTEN, st.text(max_size=70)))
def test_any_text_is_normalised_or_refused(channel: str, text: str) -> None:
    """Whatever comes in, the answer is an address whose form is stable and clean, or InvalidInput."""
    try:
        address = Address(channel, text)
    except InvalidInput:
        return
    assert Address(channel, address.value) == address
    assert address.value.isprintable()
    assert address.value == address.value.strip()
    if address.kind is AddressKind.NUMBER:
        assert address.value.isascii()
        assert 8 <= len(address.value) <= 16
