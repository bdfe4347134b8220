"""What leaves a doubt in English: wordings for a person to look at, and contexts that weaken or void a request."""

from __future__ import annotations

from typing import Final

from switchroom.consent.phrases import Rule

REVIEWS: Final = (
    Rule(
        "last_stop",
        "(?: <msg> | [wrong not no never dont im scam spam who] ) _{0,8} <^rest|neg|helper> [stop] <polite>{0,3} ;",
        "review",
    ),
    Rule("last_stop", "; <^rest|neg|helper|biz> [stop] ;", "review"),
    Rule("stop_doing", "<stop> [using] <own> <ident>", "review"),
    Rule("switch_off", "; <polite>{0,3} [turn shut switch] [it this] [off down] <polite>{0,4} ;", "review"),
    Rule("stop_doing", "; <polite|ask>{0,6} <stop> <^biz|goes_on>{1,2} (?: <me> | <own> <ident>) ", "review"),
    Rule("dont_want", "$NOT <want> [to]? [participate]", "review"),
    Rule("make_you_stop", "[get make] [you u yall them] [to]? [stop]", "review"),
    Rule("remove_it", "; <polite>{0,3} [remove delete] [it] <polite>{0,4} ;", "review"),
    Rule("end_this", "; <polite>{0,3} [end close] [this the] [thread conversation chat] <polite>{0,4} ;", "review"),
    Rule("cant_you_stop", "[cant] [you u yall] [just]? [stop quit] <sending>", "review"),
    Rule("last_stop", "[not wrong im] <^rest>{0,4} <^rest|neg> [stop] <polite>{0,3} ;", "review"),
    Rule("hostile", "[get] (?: [a] [life] | [out] [of] [my] [phone])", "review"),
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
    Rule(
        "last_stop", "[request warning notice so just reminder god christ lord sake] [stop] <polite>{0,4} ;", "review"
    ),
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
    Rule(
        "annoyed",
        "[you this that] [people guys company]? [are is] [getting so very]{0,2} <rude>{0,2} [annoying harassing]",
        "review",
    ),
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
    Rule(
        "leave_vague",
        "; <polite|ask>{0,8} [leave quit exit unenroll disenroll withdraw discontinue unjoin] [from]? <fill>{0,2}"
        " [program study group service campaign trial research project list chat community panel survey participation"
        " participating]? <polite>{0,4} ;",
        "review",
    ),
    Rule("hate", "[hate despise loathe] <fill|rude>{0,3} <many>", "review"),
    Rule("take_it_off", "; <polite|ask>{0,6} [take get] [it this] [off down out] <polite>{0,4} ;", "review"),
    Rule("enough", "[cut] [it] [out] | [knock] [it] [off] | [enough] [is] [enough]", "review"),
    Rule(
        "no_need",
        "[no nolonger dont] [longer]? [need want use] <fill>{0,2} [service services program] <now>? $CLOSE",
        "review",
    ),
    Rule("dont_send_it", "$DO <send> <me>? [it that] $CLOSE", "review"),
    Rule("stop_mail", "<stop> [my] [mail mails email emails]", "review"),
    Rule("asked", "[request demand notice] [to] [stop cease end remove unsubscribe] <polite>{0,4} ;", "review"),
    Rule("dont_do", "$DO [do] <fill>{0,1} <many>", "review"),
    Rule(
        "cancel_subscription",
        "[cancel end stop] <fill>{0,2} [subscription subscriptions enrollment membership] [to from for of with]"
        " <fill>{0,3} <many>",
        "review",
    ),
    Rule("forget_me", "; <polite>{0,3} [forget] <me> $CLOSE", "review"),
    Rule("dont", "; <polite>{0,4} $DO <polite>{0,4} ; ", "review"),
    Rule(
        "enough",
        "; <polite>{0,4} [thats this is its]{0,2} [enough] [please now thanks thank you already ok ugh of this"
        " guys]{0,4} ;",
        "review",
    ),
    Rule(
        "cancel_vague",
        "; <polite|ask>{0,8} [cancel end quit terminate close] <thing>? [all]? (?:[subscription"
        " subscriptions])? [please pls plz now thanks thank thankyou you thx asap immediately]{0,4} ;",
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
    "negated": "(?: <neg> | [do does did can will would should could] [not] | [no] [need reason] | [hate sad"
    " sorry afraid] [to if]? [you]? | [dont not"
    " never] [want need wish like plan mean intend] )"
    " (?:[ever even just really please pls you u me us be have been to yet think trying try] ){0,3} $",
    "negated_want": "(?: [dont donot didnt not never doesnt] | [do did] [not]) _? [want need wish like plan mean"
    " intend trying going ask"
    " asked try wanna have] [you u it them this me us the her him]{0,2} [texts messages alerts updates]? [to be"
    " have]{0,2} $",
    "noun": "(?: <rest> | [my your this that at near by] ) $",
    "object_next": "[the a an my his her their] <^now|msg>",
    "other_way": "<verb> <me> ",
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
    "wished": "[ensure sure want please pls wish like hope expect]",
    "got": "[have has had got get received receive getting see there are is were was be been they]{1} $",
    "accident": "<laugh> | [accident accidentally mistake mistakenly nevermind nvm oops ignore autocorrect]",
    "laugh": "<laugh>",
    "unsub_ok": "<after_unsub> | [from of off] <fill|own|rude>{0,4} (?: <list|msg|thing|ident> | ;) | <own>"
    " <fill>{0,2} <ident> | ;",
    "business": "<biz>",
    "reply": "[reply text txt send type respond msg replying texting] [with the word back us]{0,2}",
}
