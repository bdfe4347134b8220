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
    "ONLIST": "(?:[from off out of in on] [of off from]? <fill|my|rude>{0,4} <list|msg>)",
    "CLOSE": "(?: <polite>{0,6} ;)",
    "ID": "(?: <fill|rude>{0,2} <ident>{1,3} (?:[and or] <my>? <ident>{1,2}){0,2} )",
}

RULES: Final = (
    # --- stop ... -----------------------------------------------------------------------------------------------
    Rule("stop_sending", "<stop> <fill|rude>{0,5} <sending|verb|send>"),
    Rule("stop_sending", "<stop> [trying attempting continuing wanting] [to]? <verb|send>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,6} <msg>"),
    Rule("stop_category", "<stop> <fill|rude|biz|sending>{0,5} <biz> <many>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,3} <getting> _{0,3} <msg|thing>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,3} [harassment harrassment madness bombardment nonsense garbage]"),
    Rule(
        "stop_service", "<stop> <rude>{0,2} [this these] <rude>{0,2} [service services program subscription campaign]"
    ),
    Rule("stop_this", "; <polite|ask>{0,10} <stop> <rude>? [all]? [of]? <thing> <rude>? <thing|polite|rude>{0,6} ;"),
    Rule("stop", "; <polite|ask|rude>{0,12} [stop] [to]? [all everything]? <polite|rude>{0,6} ;"),
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
        " any further nomore ever] | <polite>{0,5} ;)",
    ),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [hit] <me> [up]"),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [text txt message msg sms] (?=<limit>)"),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [keep continue] <fill>{0,2} <sending>"),
    Rule(
        "dont_send",
        "$DO <adverb|rude>{0,3} <send> [to]? (?: <fill|rude|me>{0,6} <many> | <fill|me>{0,4} [any"
        " more further another"
        " other] <fill>{0,3} <msg> | <me> <msg> | <me>? <thing|now>{1,3} $CLOSE | <me>? [anything] | <me>?"
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
        "$NOT <adverb|rude>{0,3} <want> [for]? [you u yall anyone this your ur] [guys people"
        " company]? [to]?"
        " <sending|verb|send>",
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
        " $CLOSE | <polite>{0,8} ;)",
    ),
    Rule(
        "remove_me",
        "<take> (?:<me> | <own> $ID | [0000000] | <digits>{2,4}) <fill|rude>{0,2} [off out] (?:"
        " $ONLIST | [of off]? <fill|rude>{0,4}"
        " <list|msg> | [of]? [this that it here everything all these your ur there]? $CLOSE | [of]? [here this])",
    ),
    Rule("remove_me", "[take get pull] [off] (?:<own> <fill>{0,2} <ident>{1,2} | <ident> | <fill>{0,3} <list>) $CLOSE"),
    Rule("remove_me", "[remove delete removed] [from off] <fill|rude>{0,4} <list|msg>"),
    Rule("off_list", "<want> [off out] [of]? (?:<fill>{0,3} <list|msg> | [this it here]? $CLOSE)"),
    Rule(
        "removed",
        "[want wanted asked ask asking request requesting requested confirm like need needed wish"
        " please must demand"
        " insist hope verify ensure sure expect confirmation pls plz can could may should] _{0,8} [be get been"
        " being is gets] <fill|adverb>{0,2} <removed> "
        "(?: [from off out of] <fill|rude>{0,4} <list|msg|thing> | [off from] [of]? <thing> | [off out]? $CLOSE)",
    ),
    Rule("removed", "; <polite|ask>{0,8} [removal removed] (?: $ONLIST | <polite>{0,6} ;)"),
    Rule("removed", "<own> <ident>{1,2} [should must be needs to]{0,3} [off] [of]? <fill>{0,3} <list>"),
    Rule("removed", "; <polite>{0,3} [off out] [of]? <fill>{0,3} <list> $CLOSE"),
    Rule("removed", "[have get want like need] (?:<me> | <own> <ident>{1,2}) <removed> (?:$ONLIST | $CLOSE)"),
    Rule("unsubscribe", "<unsub>"),
    Rule("unsubscribe", "[un] [subscribe subscribed sub]"),
    Rule("opt_out", "<optout> | [opt] <fill|me>{0,3} [out] | [opting] <me>? [out] | [opted] [out] <polite>{0,3} ;"),
    Rule(
        "lose_number",
        "(?: [lose loose forget delete burn trash erase throw] | [get] [rid] [of]) <rude>? (?: [my"
        " our this the] <fill|rude>{0,2} <fixed> | <own> <ident>)",
        everything=True,
    ),
    Rule("leave_alone", "[leave let] <me> [the tf]? <rude>{0,2} [alone be]", everything=True),
    Rule("leave_alone", "[leave] <own> <ident> [alone]", everything=True),
    Rule("cease_and_desist", "[cease] [and n &]? [desist]", everything=True),
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

REVIEWS: Final = (
    Rule("hostile", "<rude> [off you u yourself yall] ", "review"),
    Rule("hostile", "; <polite>{0,3} [piss bugger screw sod bog eff buzz naff jog] [off you u]", "review"),
    Rule(
        "hostile",
        "[go] <rude>? [away] <polite>{0,4} ; | [get] [lost] | [shut] [the]? <rude>? [up] | [eat]"
        " [shit] | [drop] [dead]"
        " | [go] [to] [hell] | [kiss] [my] [ass] | [stfu gtfo foff fu fuckoff kys] | [bite] [me] ;",
        "review",
    ),
    Rule(
        "legal",
        "[report reporting reported block blocking blocked sue suing] [you u this ur your yall]"
        " <polite|fixed|rude|msg>{0,4} ",
        "review",
    ),
    Rule("legal", "[fcc ftc tcpa lawsuit] | [my] [lawyer attorney] | [i ill im we] [will ll gonna]? [sue]", "review"),
    Rule(
        "spam",
        "; <polite>{0,4} (?: [i ill im we] [have]?)? (?:[this these thats its your you youre reported"
        " reporting] [is are all just as]{0,2})?"
        " [spam scam harassment spammer spammers harassing unsolicited scammer scammers unwanted junk spamming]"
        " <polite|fill|rude|msg|me>{0,3} ;",
        "review",
    ),
    Rule("wrong_number", "[wrong incorrect] <fixed> (?! [of]) | [wrong] [person recipient guy]", "review"),
    Rule(
        "not_interested",
        "[not isnt arent] <adverb>{0,2} [interested] <polite|now>{0,6} ; | [not] [interested]"
        " [in] <^biz>{0,2} ;"
        " | [no] [interest] | [no nolonger] [longer]? [interested]  | [uninterested disinterested] | [pass]"
        " <polite>{0,3} ;",
        "review",
    ),
    Rule(
        "keep_texting",
        "[you u yall they guys people ya these] [keep kept still wont never cant] [on stop]?"
        " <rude|fill>{0,2} <sending>",
        "review",
    ),
    Rule("keep_texting", "[keep kept] <getting> <^biz>{0,4} <msg|thing>", "review"),
    Rule("still_getting", "[still] [keep]? <getting> <^biz>{0,4} <msg|thing>", "review"),
    Rule(
        "still_getting",
        "[why] [am do are is did have] [i you u yall they we]? [keep even still constantly"
        " always the rude all]{0,2} <rude>{0,2} "
        "(?:<getting|sending> | [get receive text contact message]) <^biz>{0,4} (?:<msg|thing|me> | ;)",
        "review",
    ),
    Rule(
        "sick_of",
        "[sick tired fed done] [up]? [of with] <fill|rude>{0,4} (?:<many|sending|getting> | [texts"
        " messages calls this these you])",
        "review",
    ),
    Rule(
        "wont_stop",
        "(?:[you u they these it yall people this ya guys] | <many>) [wont never doesnt dont] [ever"
        " even]? [stop quit] <fill|rude>{0,4} <sending|many>",
        "review",
    ),
    Rule("wont_stop", "<many> [wont never doesnt dont] [ever even]? [stop quit]", "review"),
    Rule(
        "asking",
        "[stop quit] <fill|rude>{0,2} [asking begging pushing selling nagging hounding trying wasting]",
        "review",
    ),
    Rule("last_stop", "[request warning notice so just reminder] [stop] <polite>{0,4} ;", "review"),
    Rule(
        "enough",
        "; <polite>{0,3} (?: [knock] [it] [off] | [cut] [it] [out] | [give] [it] [a] [rest] | [not]"
        " [for] [me]) <polite>{0,4} ;",
        "review",
    ),
    Rule("remove_it", "<fixed> _{0,8} [remove delete] [it]", "review"),
    Rule("still_getting", "[why] _{0,5} [keep keeps] <sending>", "review"),
    Rule(
        "cannot_unsubscribe",
        "[cant cannot couldnt unable tried trying try] [to let me] {0,3} (?: <unsub> | [opt] [out])",
        "review",
    ),
    Rule("annoyed", "[you this that] [people guys company]? [are is] <rude>{0,2} [annoying harassing]", "review"),
    Rule(
        "when_stop",
        "[when] [will do does are] _{0,3} [texts messages msgs alerts notifications reminders spam"
        " emails calls these] _{0,2} [stop end ending stopping]",
        "review",
    ),
    Rule(
        "laughing", "; <polite|laugh>{0,4} <laugh> <polite|laugh>{0,4} [stop] <thing>? <polite|laugh>{0,6} ;", "review"
    ),
    Rule("wont_stop", "[if unless] [you u yall this they these] _{0,3} [stop]", "review"),
    Rule(
        "never_signed_up",
        "(?: [didnt never havent] | [did have] [not never]) [ever even]? (?: [sign signed"
        " subscribe subscribed consent consented"
        " agree agreed authorize authorized enroll enrolled] [up in to]? | [opt opted] [in] | [ask asked request"
        " requested want wanted] [for]? (?:<thing|msg> | [to] [be] ))",
        "review",
    ),
    Rule("no_thanks", "; <polite>{0,2} [no nope nah na naw noo nooo] <polite|now>{0,6} ;", "review"),
    Rule("goodbye", "; <polite>{0,3} [goodbye bye byebye farewell adios] <polite>{0,5} ;", "review"),
    Rule("goodbye", "; <polite>{0,3} [good] [bye] <polite>{0,5} ;", "review"),
    Rule("dont", "; <polite>{0,4} [i we]? $NOT [want] $CLOSE", "review"),
    Rule("again", "<verb> <me> [again] [and or]", "review"),
    Rule("dont_use", "$DO <adverb>{0,2} [use] <own> <fixed>", "review"),
    Rule(
        "remove_them", "(?: <remove> | <take>) <^biz>{1,4} [off from out] [of]? [your ur] <fill>{0,3} <list>", "review"
    ),
    Rule("forget_me", "; <polite>{0,3} [forget] <me> $CLOSE", "review"),
    Rule("dont", "; <polite>{0,4} $DO <polite>{0,4} ; ", "review"),
    Rule("enough", "; <polite>{0,4} [thats this is its]{0,2} [enough] <polite|rude>{0,4} ;", "review"),
    Rule(
        "cancel_vague",
        "; <polite|ask>{0,8} [cancel end quit terminate close] <thing>? [all]? (?:[subscription"
        " subscriptions])? <polite>{0,6} ;",
        "review",
    ),
    Rule(
        "cancel_subscription",
        "; <polite|ask>{0,8} [cancel end stop quit terminate discontinue] <fill>{0,3}"
        " [subscription subscriptions"
        " messaging texting notification alert service program enrollment] <polite>{0,5} ;",
        "review",
    ),
    Rule(
        "off_vague",
        "; <polite|ask>{0,6} (?:[out] | [count] <me> [out] | <want> [out] | [im] [out done] | [get]"
        " [out] | [off]) <polite>{0,4} ;",
        "review",
    ),
    Rule(
        "stop_led",
        "; <polite|rude>{0,4} [stop] [stop]{0,3} (?:<subject> | [this] [is] | [no not wrong stop its"
        " youre im dont whoever whatever idk or ] )",
        "review",
    ),
    Rule("stop_name", "; <polite>{0,3} [stop] <^biz|goes_on> <^biz|goes_on>? ;", "review"),
    Rule(
        "removed_past",
        "; <polite>{0,3} [unsubscribed] (?: [from] <fill>{0,3} <list|msg> | <polite>{0,3} ;) |"
        " (?: [ive] | [i] [have] | ; [i]) [already just]? [unsubscribed]",
        "review",
    ),
    Rule("removed_past", "[ive i have] [already]? [opted] [out]", "review"),
    Rule(
        "how_to_stop",
        "[how where can way] _{0,6} (?:[stop end cancel] _{0,4} <many> | <unsub|optout> | [opt]"
        " [out] | [remove] [my me] )",
        "review",
    ),
    Rule("should_not_get", "[shouldnt should] [not]? [be]? <getting|get> <^biz>{0,4} <msg|thing>", "review"),
    Rule(
        "annoyed",
        "; <polite|ask>{0,4} [this these thats its your you youre are is so]{1,4} <rude>? [annoying"
        " harassment intrusive] ",
        "review",
    ),
    Rule("erase_data", "[delete erase remove] <own> <fill>{0,3} [data information info account]{1,2} ", "review"),
)

CONTEXTS: Final = {
    # Before a request, within its sentence: what takes it back.
    "negated": "(?: <neg> | [do does did can will would should could] [not] | [no] [need reason] | [dont not"
    " never] [want need wish like plan mean intend] )"
    " (?:[ever even just really please pls you u me us be have been to yet think trying try] ){0,3} $",
    "negated_want": "(?: [dont donot didnt not never doesnt] | [do did] [not]) _? [want need wish like plan mean"
    " intend trying going ask"
    " asked try wanna have] [you u it them this me us the her him]{0,2} [texts messages alerts updates]? [to be"
    " have]{0,2} $",
    "noun": "(?: <rest> | [my your this that at near by] ) $",
    "third": "(?: [tell told ask asked make get have got need needs want wants wish] [him her them his someone"
    " somebody] [to]? | <third>"
    " [to needs must should please wont will would can]{0,3} ) $",
    "myself": "(?: [i we] [need have had must should want will might may tried try cant could ll]{0,2} [to]? |"
    " [ill id] [to]? ) $",
    "asked_past": "; [so and but hey hi hello um well ok okay also please omg]{0,3} (?:[why when how] [did have"
    " has had was were] | [did have has]) ",
    "question": "; [so and but hey hi hello um well ok okay also please omg]{0,3} <qword> ",
    "can_you": "; <polite>{0,3} (?: [can could would will wont cant why] [you u yall we someone i] | [do] [me] [a]"
    " | [is] [it] [possible] | [how] [about] |"
    " [do] [not you never] | [may] [i we] | [are] [you] [able] | [if] [you] [could can would dont] )",
    "subject": "<subject> [would just also really]{0,1} $",
    "limited": "_{0,6}? <limit>",
    "again": "[again anymore ever]",
    "business_next": "[to from of for off on the my a an our this that me any us about with all]{0,4} <biz>{1,2}"
    " (?:<^many>|[.?])",
    "got": "[have has had got get received receive getting see there are is were was be been they]{1} $",
    "accident": "<laugh> | [accident accidentally mistake mistakenly nevermind nvm oops ignore autocorrect]",
    "laugh": "<laugh>",
    "unsub_ok": "<after_unsub> | [from of off] <fill|own|rude>{0,4} (?: <list|msg|thing|ident> | ;) | <own>"
    " <fill>{0,2} <ident> | ;",
    "business": "<biz>",
    "reply": "[reply text txt send type respond msg replying texting] [with the word back us]{0,2}",
}
