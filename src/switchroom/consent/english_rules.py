"""How people say in English that they want out, want in, or want help: word classes and rules, as data.

The wordings come from the keywords of carriers and vendors, from the examples in regulators' orders on revoking
consent by any reasonable means, and from messages quoted in published decisions about unwanted texts.
Rules say what *may* be a request; ``contexts`` say what takes it back (a negation, a question, a bus stop).
"""

from __future__ import annotations

from typing import Final

from switchroom.consent.phrases import Rule

_DONT: Final = (
    "[dont donot dnt dony dotn doint don] | [do] [you u ya yall]? [not never] | [dont] [you u ya yall] | [don] [t]"
)
MACROS: Final = {
    "NOT": f"(?: {_DONT} | [does did] [not] | [never nvr nolonger] | [no] [longer] | [not] | [didnt doesnt cant"
    f" cannot wont"
    " wouldnt shouldnt])",
    "DO": f"(?: {_DONT} | [never nvr] | [no] [longer] | [not] [to] | [cannot] | [can must may should] [not] | [shouldnt"
    " mustnt])",
    "ONLIST": "(?:[from off out of in on] [of off from]? <fill|my|rude|msg>{0,4} <list|many>)",
    "CLOSE": "(?: <polite>{0,6} ;)",
    "ID": "(?: <fill|rude>{0,2} <ident>{1,3} (?:[and or] <my>? <ident>{1,2}){0,2} )",
}

RULES: Final = (
    # --- stop ... -----------------------------------------------------------------------------------------------
    Rule("stop_sending", "<stop> (?! [my] [mail mails email emails]) <fill|rude>{0,5} <sending|verb|send>"),
    Rule("stop_sending", "<stop> [trying attempting continuing wanting] [to]? <verb|send>"),
    Rule("stop_messages", "<stop> (?! [my] [mail mails email emails]) <fill|rude>{0,6} <msg>"),
    Rule("stop_category", "<stop> <fill|rude|biz|sending>{0,5} <biz> <many>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,3} <getting> _{0,3} <msg|thing>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,3} [harassment harrassment madness bombardment nonsense garbage]"),
    Rule(
        "stop_service", "<stop> <rude>{0,2} [this these] <rude>{0,2} [service services program subscription campaign]"
    ),
    Rule("stop_this", "; <polite|ask>{0,10} <stop> <rude>? [all]? [of]? <thing> <rude>? <thing|polite|rude>{0,6} ;"),
    Rule("stop", "; <polite|ask|rude>{0,12} [stop cease desist] [to]? [all everything]? <polite|rude>{0,6} ;"),
    Rule("stop_number", "<stop> (?: [to for on]? <own> <fixed> | [service services] [to for on] <own> <ident>)"),
    Rule(
        "stop_threat",
        "[stop] [or before and] [i ill im we be get you u] _{0,4} [report reported reporting block"
        " blocking sue lawyer"
        " attorney fcc ftc police legal complaint complain file call]",
        plain=True,
    ),
    Rule(
        "complained_stop",
        "(?:[wrong incorrect] <fixed|ident> | [wrong] [person] | [not] [interested] | [dont]"
        " [know] [you u]"
        " | [spam scam harassment harassing annoying enough unwanted unsolicited] | [sick tired] [of] | [who] [is"
        " are] [this you u dis])"
        " _{0,6} [stop remove unsubscribe unsub] <polite|me>{0,6} ;",
        plain=True,
    ),
    Rule(
        "told_to_stop",
        "[i ive we weve] (?:[have already just also even repeatedly] ){0,2} [said told asked"
        " texted replied"
        " typed sent responded wrote requested answered messaged put type text reply txted say ask]"
        " <^third|biz>{0,5} [stop] "
        "(?: <polite|thing|rude>{0,5} ; | [to and but multiple several many 2 3 4 5 two three twice again already"
        " like a 10 times"
        " yesterday last so yet] )",
        plain=True,
    ),
    Rule("make_it_stop", "[make get] <fill|rude>{0,3} (?:<thing>|<msg>) <fill>{0,2} [stop stopped end]"),
    Rule(
        "messages_stop",
        "<msg> [to must should needs need has have gotta better please pls plz just]{1,2} [to]? [be]?"
        " [stop stopped cease ceased end discontinue discontinued]",
    ),
    Rule("this_stops", "[want need like] <rude>? [these this those them] [to] [stop end cease] <polite>{0,5} ;"),
    Rule(
        "this_stops",
        "[can could may will] [these this those the your] <fill>{0,2} <msg>? [please pls]? [stop"
        " end cease] <polite>{0,4} ;",
    ),
    Rule("please_stop", "[please pls plz plss kindly] [just]? [stop remove unsubscribe] <polite|rude>{0,6} ;"),
    Rule(
        "this_stops",
        "(?: [this these those it that they] [needs need has must have should better]{1,2} [to]? [be]? "
        "[stop stopped cease ceased] <polite|rude>{0,4} ;)",
    ),
    Rule("if_you_stopped", "[if] [you yall u] [would could can]? [just]? [stopped quit ceased] <sending>"),
    Rule("if_you_stopped", "[appreciate love prefer like mind] _{0,3} [not] <sending>"),
    Rule(
        "rather_not",
        "[like want love prefer wish ask] [to] [not] [be]? (?:<contacted> | <get> <^biz>{0,3} <msg|thing>)",
    ),
    Rule(
        "want_stopped",
        "[want need like] [these this those the it your] <fill>{0,3} <msg>? [stopped discontinued ended gone]",
    ),
    # --- do not ... ---------------------------------------------------------------------------------------------
    Rule(
        "dont_contact",
        "$DO <adverb|rude>{0,3} <verb> (?:[or and nor] <verb>){0,3} [out]? (?:[to with]? <me> |"
        " [to]? <own> <ident> | [here again anymore"
        " any further nomore ever])",
    ),
    Rule(
        "dont_contact",
        "$DO <adverb|rude>{0,3} (?: <verb> [or and nor] ){0,3} [text txt message msg contact call email sms dm disturb"
        " notify spam solicit harass communicate mail] $CLOSE",
    ),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [hit] <me> [up]"),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [text txt message msg sms] (?=<limit>)"),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [keep continue] <fill>{0,2} <sending>"),
    Rule(
        "dont_send",
        "$DO <adverb|rude>{0,3} <send> [to]? (?: <fill|rude|me>{0,6} <many> | <fill|me>{0,4} [any"
        " more further another"
        " other] <fill>{0,3} <msg> | <me> <msg> | <me>? (?: [these this those them] | <now>){1,3} $CLOSE"
        " | <me>? [anything] | <me>?"
        " <thing>? [anymore again] | <me> $CLOSE)",
    ),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> [you u yall]? <fill|adverb|rude>{0,4} <contacted>"),
    Rule(
        "dont_want",
        "$NOT <adverb|rude>{0,3} <want> [to in for]? <get> <^biz>{0,4} (?:<msg|thing> | [from]"
        " <^biz> | [any anymore more])",
    ),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> <fill|me|rude|adverb|now>{0,6} <many>"),
    Rule(
        "dont_want",
        "$NOT <adverb|rude>{0,3} <want> [any a your these this more to in another further additional"
        " anymore nomore]{1,3} <fill>{0,2} <msg>",
    ),
    Rule(
        "dont_want",
        "$NOT <adverb|rude>{0,3} <want> [these this those them your any] (?:[anymore any more again"
        " shit crap] | $CLOSE)",
    ),
    Rule("dont_want", "$NOT <adverb|rude>{0,2} <want> [it any]? [anymore nomore] $CLOSE"),
    Rule(
        "dont_want",
        "$NOT <adverb|rude>{0,3} <want> (?: [for]? [you u yall anyone this your ur] [guys people"
        " company]? [to]? <sending|verb|send> | <sending> <me>)",
    ),
    Rule("dont_want", "$NOT <adverb|rude>{0,2} <want> [to]? [be] <fill>{0,2} [on in part] <fill>{0,3} <list>"),
    Rule(
        "rather_not",
        "[rather prefer decline refuse] [not to]{0,2} [to]? (?:<get> <^biz>{0,3}"
        " <msg|contacted|thing> | [be] <contacted>)",
    ),
    Rule(
        "no_consent",
        "(?:$NOT | [no]) [have give has gave given got]{0,2} [you u]? <own|my>? [the any]? [consent"
        " permission"
        " authorization] [to]? _? (?:<verb|send|msg|sending> | <polite>{0,3} ;)",
    ),
    Rule(
        "revoke",
        "[revoke revoking revoked withdraw withdrawing withdrawn rescind rescinding retract] <fill|ask>{0,4} <consent>",
    ),
    Rule(
        "revoke",
        "<consent> [is has was]{0,2} [been hereby now]{0,2} [revoked withdrawn denied rescinded cancelled canceled]",
        plain=True,
    ),
    Rule("no_more", "(?:[no] [more further additional] | [nomore]) <fill|rude>{0,4} <msg>"),
    Rule(
        "no_more",
        "; <polite>{0,4} [no nomore without zero] [more]? <fill|rude>{0,3} <msg> [from]? [you u yall]?"
        " (?:<polite|now>{0,4}) ;",
    ),
    Rule("no_more", "; <polite>{0,4} (?:[no] [more] | [nomore]) [of]? <thing>? <polite|rude>{0,4} ;"),
    Rule("no_more", "(?:[not] | [without]) _{0,3} [any] [more further] <fill>{0,2} <msg>"),
    Rule("no_more", "<verb> <me> [no] [more]"),
    Rule("enough", "[enough] [with of]{0,2} <fill|rude>{0,4} <msg>"),
    # --- remove me ... ------------------------------------------------------------------------------------------
    Rule(
        "remove_me",
        "<remove> (?:<me> | <fill>{0,2} <my> $ID | <ident>{1,2} | [0000000] | <digits>{2,4}) (?:"
        " [and] | [asap now immediately]"
        " | $ONLIST | [off from out] [of]? [this that it here everything all these your yalls ur you everywhere"
        " there u]"
        " $CLOSE | (?= [i im its as because since wrong not]) | <polite>{0,8} ;)",
    ),
    Rule(
        "remove_me",
        "<take> (?:<me> | <own> $ID | [0000000] | <digits>{2,4}) <fill|rude>{0,2} [off out] (?:"
        " $ONLIST | [of off]? <fill|rude|msg>{0,4}"
        " <list|many> | [of]? [this that it here everything all these your ur there]? $CLOSE | [of]? [here this]"
        " | (?= [i im its as because since wrong not]))",
    ),
    Rule(
        "remove_me",
        "[take get pull getting taking] [off] (?:<own> <fill>{0,2} <ident>{1,2} | <ident> | <fill>{0,3} <list>) $CLOSE",
    ),
    Rule("remove_me", "[remove delete removed] [from off] <fill|rude>{0,4} <list|msg>"),
    Rule("off_list", "<want> [off out] [of]? (?:<fill>{0,3} <list|msg> | [this it here]? $CLOSE)"),
    Rule(
        "removed",
        "[want wanted asked ask asking request requesting requested confirm like need needed wish"
        " please must demand"
        " insist hope verify ensure sure expect confirmation pls plz can could may should] <^biz>{0,8} [be get been"
        " being is gets] <fill|adverb>{0,2} <removed> "
        "(?: [from off out of] <fill|rude>{0,4} <list|msg|thing> | [off from] [of]? <thing> | [off out]? $CLOSE)",
    ),
    Rule("removed", "; <polite|ask>{0,8} [removal removed] (?: $ONLIST | <polite>{0,6} ;)"),
    Rule("removed", "<own> <ident>{1,2} [should must be needs to]{0,3} [off] [of]? <fill>{0,3} <list>"),
    Rule("removed", "; <polite>{0,3} [off out] [of]? <fill>{0,3} <list> $CLOSE"),
    Rule(
        "removed", "[have get want like need] (?:<me> | <own> <ident>{1,2}) <removed> (?:$ONLIST | [off out]? $CLOSE)"
    ),
    Rule("unsubscribe", "<unsub>"),
    Rule("unsubscribe", "[un] [subscribe subscribed sub]"),
    Rule(
        "opt_out", "<optout> | [opt] <fill|me|ident>{0,4} [out] | [opting] <me>? [out] | [opted] [out] <polite>{0,3} ;"
    ),
    Rule(
        "lose_number",
        "(?: [lose loose forget delete burn trash erase throw] | [get] [rid] [of]) <rude>? (?: [my"
        " our this the] <fill|rude>{0,2} <fixed> | <own> <ident>)",
        everything=True,
    ),
    Rule("leave_alone", "[leave let] <me> [the tf]? <rude>{0,2} [alone be]", everything=True),
    Rule("leave_alone", "[leave] <own> <ident> [alone]", everything=True),
    Rule("cease_and_desist", "[cease] [and n &]? [desist]", everything=True),
    Rule(
        "dont_want", "$NOT <adverb|rude>{0,2} <want> [anything nothing] [more else]{0,2} [from] [you u this yall them]"
    ),
    Rule("stop_messages", "; <polite>{0,5} <stop> <fill|rude>{0,3} <^biz|goes_on> <fill>{0,1} <many>"),
    Rule("no_more", "[no] [more] <fill|rude>{0,2} <^goes_on> <many>"),
    Rule("no_more", "; <polite>{0,3} [no] <msg> (?: [no or and nor] [no]? <msg> ){1,4} <polite>{0,3} ;"),
    Rule("no_more", "; <polite>{0,3} [no] <fill>{0,2} [soliciting spamming calling] <polite>{0,3} ;"),
    Rule(
        "rather_not",
        "[rather prefer wish appreciate like] [if that]? [you u yall] [would could]? (?: [didnt dont not"
        " wouldnt] <verb|sending|send>"
        " | [stop stopped quit cease])",
    ),
    Rule("rather_not", "[prefer want need like] [no none zero nothing] <fill>{0,4} (?: <many> | [more from])"),
    Rule("stop_number", "<stop> [to]? (?: [0000000] | <digits>{2,4} ) ;"),
    Rule("no_need", "[no] [need reason] [to] <verb> <me>? [any further anymore again ever]"),
    Rule("dont_want", "[to] [no] [longer] <get> _{0,2} <msg|thing>"),
    Rule("dont_contact", "$DO <adverb>{0,2} [continue] [to] <verb>"),
    Rule("revoke", "; <polite>{0,3} [i we] [hereby]? [revoke] $CLOSE"),
    Rule("never_contact", "[no] [circumstances circumstance] _{0,4} <verb> <me>"),
    Rule("never_contact", "[never] [ever]? <verb> <me> [again ever]", everything=True),
    Rule("do_not_call", "[do] [not] [call contact text disturb solicit mail] [list registry lists]", everything=True),
    Rule("do_not_call", "; <polite>{0,4} (?:[do] [not] [call contact] | [dnc] [list]?) $CLOSE", everything=True),
    Rule("do_not_call", "[put add place register] (?:<me> | <own> <ident>{1,2}) _{0,4} [dnc] ", everything=True),
    Rule(
        "switch_off",
        "[cancel cancle end terminate disable deactivate mute kill silence suspend cut] <fill|rude>{0,5} <many>",
    ),
    Rule(
        "switch_off",
        "[turn shut switch cut] (?: [off down] <fill|rude>{0,5} <many> | <fill|rude>{0,5} <many> [off down])",
    ),
    Rule(
        "switch_off",
        "[end terminate cut] [all any further] <fill>{0,2} [communication communications contact correspondence]",
    ),
    Rule(
        "switch_off",
        "[cancel end stop terminate] <fill>{0,3} [text texts txt sms message messaging email]"
        " [subscription subscriptions service program]",
    ),
    Rule("switch_off", "[cancel end terminate disable mute suspend] <fill|rude|biz>{0,5} <biz> <many>"),
    Rule("switch_off", "[turn shut switch] [these this those them] [off down]"),
    Rule("switch_off", "[cancel end terminate] [all everything] <polite>{0,4} ;"),
    # --- opt in -------------------------------------------------------------------------------------------------
    Rule(
        "start",
        "; <polite|ask>{0,8} [start resume restart unstop resubscribe continue reactivate] <fill>{0,3}"
        " <sending|many|send|getting>",
        "opt_in",
    ),
    Rule("start", "; <polite|ask>{0,8} [unstop resubscribe] <polite|me>{0,4} ;", "opt_in"),
    Rule("start", "[sign opt add put] <me> [back] [up in on]", "opt_in"),
    Rule("start", "; <polite|ask>{0,8} [opt] <me>? [in] <polite>{0,4} ;", "opt_in"),
    Rule("start", "; <polite|ask>{0,8} [subscribe resubscribe] <me>? <polite>{0,4} ;", "opt_in"),
    Rule("start", "[start resume] <verb|sending> <me> [again]", "opt_in"),
    # --- help ---------------------------------------------------------------------------------------------------
    Rule(
        "help",
        "[need want get require] [some a your any more little bit of the lot real urgent]{0,4} [help assistance]",
        "help",
    ),
    Rule(
        "help",
        "[can could would will] [you u someone somebody anyone anybody yall] [please pls plz]? [help assist] ",
        "help",
    ),
    Rule(
        "help",
        "; [please pls hi hello hey ok yes]{0,3} [help] (?:<me> | [with on] | [please pls now thanks"
        " thank you asap]{0,4} ;)",
        "help",
    ),
    Rule("help", "[please pls plz kindly] [help assist] ", "help"),
    Rule("help", "[need want send give more get] <me>? [some more additional further]? [info] ", "help"),
)
