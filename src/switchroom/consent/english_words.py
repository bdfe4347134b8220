"""English word classes for the rules about opting out, in and asking for help: data, without accents, lower case."""

from __future__ import annotations

from typing import Final

CLASSES: Final = {
    "stop": "stop stahp stopp stp stpo sotp tsop stob stoip stio stpp sstop stiop stopo soptp stap"
    " cease halt desist discontinue quit refrain kwit qit",
    "sending": "sending texting messaging calling contacting spamming emailing mailing bothering harassing harrassing"
    " bugging annoying pestering hitting blowing pinging phoning ringing notifying soliciting txting txtin textin"
    " msging"
    " bombarding disturbing writing messagin callin sendin spammin dming smsing reaching communicating advertising"
    " stalking badgering flooding alerting reminding marketing mssging texing trolling",
    "verb": "text txt message msg contact call email mail ping phone ring dm spam write reach bother disturb harass"
    " harrass bug annoy pester solicit notify alert remind communicate sms hmu inbox advertise mms",
    "send": "send sends forward deliver shoot blast give",
    "msg": "requests text texts txt txts message messages msg msgs sms mms email emails mail mails notification"
    " notifications"
    " notice notices alert alerts spam reminder reminders newsletter newsletters promo promos promotion promotions ad"
    " ads advert adverts advertising advertisement advertisements offers deals coupons communication communications"
    " correspondence solicitation solicitations calls call contact robocalls robotexts blasts junk marketing surveys"
    " updates txting texting messaging txtmsg massages campaigns subscriptions mailings mailing blast contacting"
    " crap bullshit bs shit messges mssgs msges textes mensajes broadcast broadcasts notifs specials",
    "many": "texts txts messages msgs sms mms emails mails notifications notices alerts spam reminders newsletter"
    " newsletters promos promotions promo ads adverts advertising advertisements communications correspondence"
    " solicitations robocalls robotexts blasts junk marketing updates texting messaging offers crap bullshit bs shit"
    " mailings requests solicitation nonsense broadcasts notifs",
    "get": "receive get see hear recieve receving receiving getting hearing seeing recieving be have having accept be",
    "getting": "receiving getting hearing seeing recieving receving gettin",
    "contacted": "contacted texted messaged called emailed bothered disturbed notified spammed solicited harassed"
    " subscribed enrolled signed included mailed bugged annoyed txted marketed phoned reached pestered",
    "me": "me us mi",
    "my": "my our this the that these ur your",
    "own": "my our this",
    "ident": "number numbers # phone cell cellphone mobile name names info information contact contacts details digits"
    " telephone num nbr email no tel fone nr numba credentials line address",
    "fixed": "number numbers # phone cell cellphone mobile num nbr digits telephone numba nr tel fone",
    "digits": "000 0000 00000 000000 0000000",
    "list": "list lists database databases contacts contact records record system directory group chat thread mailing"
    " subscribers subscription distribution rolodex phonebook mailinglist files file roster texts program campaign"
    " subscriber registry phone books book platform service db groupchat textlist data everything",
    "fill": "the this these those that all any your ur the of with to from so many more further such every each other"
    " additional automated unwanted unsolicited random constant daily weekly marketing promotional promo sms text"
    " future please pls plz and or my our kind single immediately now us me on at every right both text email"
    " annoying phone mass repeated useless endless nonstop constantly always continuously mobile campaign political"
    " commercial advertising automatic auto unneeded kinds sorts types type sort cell spam in for by bloody company"
    " different excessive crazy silly ridiculous political survey group yr yer them thees dese wit dis w personal"
    " private",
    "rude": "fuck fucking fuckin fking fing fkn fkin effing freaking frigging frickin freakin damn goddamn stupid"
    " bloody"
    " dumb dumbass hell shitty fck fk f ffs fukin fuking motherfucking darn dang ass fuckn",
    "polite": "please pls plz plse pleas plzz thanks thank thankyou thx ty tks tnx thnx u you so much very now"
    " immediately asap already kindly just hi hello hey sir madam maam mam dear team guys folks everyone ok okay k yes"
    " yeah yep bro dude man buddy friend right at once today forever again seriously omg ffs god jesus christ really"
    " permanently effective this minute instant very kind regards sincerely best cheers appreciated appreciate it"
    " for good good day morning afternoon evening greetings all completely altogether totally in advance ta xx and"
    " goodness gosh oh well alright fine ugh smh wtf jeez geez yo yall lady ladies love honey darling mate"
    " respectfully thankfully plss pleaase plx thankss bye with effect from first of time last final warning notice"
    " sorry but have a nice blessings bless gracias ya me blessed wonderful great safe god straight away stat"
    " promptly pronto request",
    "ask": "i id im ive want wanted would like need needs to you u must can could will wud cud may is please said asked"
    " told tell wish ask asking telling saying say we wed request requesting requested yall that your youre guys"
    " have better gonna going gotta do demand demanding insist want wanna ready try as my it be able choose"
    " decided rather love a every in order make sure once twice times before repeatedly multiple several"
    " many few again already keep still beg begging implore um uh umm hmm er no nope nah",
    "want": "want wanted wants wnat wnt wan wanna wish like need care desire interested interest authorize consent"
    " agree"
    " subscribe require wld asked ask sign signed signup expect consented agreed authorized appreciate enjoy wanting",
    "adverb": "really even ever want wanna please pls plz be to just u you dare keep dare currently actually want"
    " particularly wish would again yall think",
    "remove": "remove delete erase drop strike scratch unlist block purge pull cancel expunge eliminate unenroll"
    " deregister wipe unregister disenroll deactivate exclude omit rmove remov rmv scrub cut dlt del withdraw"
    " disconnect clear"
    " removing deleting unsubscribe delist kick blacklist detach exempt",
    "take": "take get pull keep leave tak bring put have cross wipe rub count move let",
    "removed": "removed deleted taken unsubscribed dropped erased unenrolled blocked purged off excluded"
    " deactivated unlisted opted withdrawn disconnected left struck",
    "out": "off out of from",
    "unsub": "unsubscribe unsub unsubscribing unscribe unsubcribe unsuscribe unsubscibe unsubscript"
    " unsubscription unsubs unsubscrib unsubsribe unsbscribe desubscribe unsuscrib unsibscribe unscubscribe"
    " unsubscrive unsubsciribe disubscribe unsubscirbe unsubcrib unsubscrbe unsubsubscribe unsubribe unsubsscribe",
    "optout": "optout optingout",
    "switch": "cancel cancle end terminate disable deactivate mute block kill silence turn shut switch suspend revoke"
    " stop cut disconnect",
    "consent": "consent permission authorization authorisation approval subscription optin",
    "now": "anymore any more further again ever anything nothing else nomore anymor anymre agin furthermore never",
    "thing": "these this those that them it dis dese thees em",
    "qword": "what whats when whens where wheres why whys how hows which who whos whose did does do is are was were has"
    " have should shall if whether am hasnt didnt doesnt isnt arent havent may might",
    "you": "you u ya yall they people guys company these messages texts it this",
    "limit": "until till til before after unless if during while when tonight instead except between yet late early"
    " tomorrow today morning mornings night evening work weekends weekend sunday sundays saturday monday tuesday"
    " wednesday thursday friday am pm past rather only hours lunch noon midnight school meeting asleep sleeping",
    "biz": "order orders appointment appointments booking bookings reservation reservations payment payments delivery"
    " deliveries account accounts card cards meeting meetings bus train flight flights ticket tickets invoice invoices"
    " bill bills billing package packages parcel shipment shipping refund policy loan transfer transaction check cheque"
    " plan membership trial class classes lesson lessons session sessions visit repair technician driver installation"
    " autopay insurance claim hold waitlist standby item items cart service services contract lease renewal car pickup"
    " prescription medication meds pills refill subscription purchase deposit table room seat tour pledge donation"
    " charge charges fee fees fine rent mortgage statement sale job shift interview schedule alarm internet power"
    " electricity water gas warranty quote estimate ride truck product photo picture pic app game deal listing"
    " dishwasher washer machine mailbox paperless forwarding dose treatment therapy guest prime premium renewing"
    " autorenew renewals sub withdrawal withdrawals debit direct wire coverage milk paper newspaper",
    "rest": "bus train tram metro subway tube rest pit truck full non next first last second taxi pickup our final tour"
    " the a each every one whistle cab ferry coach trolley short back traffic",
    "neg": "dont donot dnt dony never not cant cannot wont wouldnt couldnt shouldnt doesnt didnt isnt arent"
    " nor without havent hasnt wasnt nvr nonstop aint doont don doin dint non hardly dotn didn",
    "after_unsub": "please pls plz thanks thank thx now me us these all any both ty immediately asap and or to"
    " everything us number for it at today already again but i im sir right forever permanently ok bye unsubscribe"
    " stop text texts"
    " messages sms email emails list alerts notifications promos promotions newsletter by",
    "helper": "do does did will would can could should must may might to he she it they we i you and or the a an"
    " of for at by in on"
    " his her its their my our your this that make made made",
    "goes_on": "by at in on over for watch watching sign light off here there near gap loss motion along up the my"
    " out doing being"
    " thinking playing smoking crying worrying laughing lying talking working signs work works worked to taking"
    " eating drinking"
    " vaping buying using running going crying anytime yet lights road street moving raining payment buzzer caring",
    "laugh": "lol lmao rofl haha hahaha hahahaha lolol hehe lmfao jk kidding hilarious laughing funny joking crying ha",
    "subject": "i we he she they you u it who ill hes shes weve ive theyll itll people nobody everyone that"
    " why customers id hed shed",
    "third": "he she him her them his they dog cat kid kids son daughter wife husband ex boyfriend girlfriend mom dad"
    " mother father brother sister neighbor neighbour boss doctor friend guy someone somebody man him people",
}


NEVER_REPAIRED: Final = """
absence accept accepted accord activate activated active addition additional advent adventure adverse advertise advise
after afters alert alerted already alter alters animated annoying another anything apparently appreciate appreciated
appreciation approve aspect assist associated assume attach attached attempt attempted automated automatic awaiting
balling banging baskets batch bearing begging being bender bending bequest betting billing binging biting black blast
bleached blender block blocked blocks blood blooding blowing boaster bothered boxed boxing breached bread bringing
brother brothers bugging bulled cable called caller campaign campaigns camping canceled cancelled cancels cancer
cannel casting catch causing ceased cellar champagne chancel channel channels choosing chopping cleaning clearing
clearly clever client clients clock closing coach coffee collar collect comfort coming commission companion company
compare compared compete competent complain complaint complaints complete completed completely concealed concept
conclude concluded confirm confirmed conform conformed connect connected consent consist constant consume contact
contacts contain container contains content contents contest contests context contract contracts contrast controlled
convent correct correctly council counsel crease creased created credentials culling cumber currently cursing cutting
daily dairy daisy dances database databases dataset dated deactivate deactivated dearly decease deceased deceive
deceived decently decrease delate deleted deliver delivered delivers delivery depend depends deploying describe desert
dessert destroying detach detached detail details determine determined diary digest digging digit digits dinner direct
direction directly director directory disable disabled disconnect disease distribute district disturbs diver dollar
dread driver driving dropped dropping earing early earning eased edition editions elite emission emotional emotions
employing enable enabled ending enjoying enrolled entails entice erased eraser esteem evening event events everything
evoke except excepted exclude excluded exempt expect expert export facing factory failed failing falling farther
faster father fearing feature feeding fender fending fever field filed files filled filling finally fisting fitting
fixed flock flooding flooring flowing folding forever forgot
forgotten forward forwards foster furniture further future galled gather
gender getting giving glowing grease greased group groups growing grump guest guests gutting halving hanging harass
hardness harness hatch having hearing heaving hinging history hitting holding hoping hostel hotel however hugging
immediate immediately improve inactive include included increase infinite inform informal information informed
inscribe insist insisted inspect interest interested interesting interests interior intermediately internet invite
invited invoice jackets jetting jingle jogging killing kitting knitting knowing lasting lasts latch leaning learning
lease leased leaving lender lending letting lever licence license listing living locally location logging losing
loving lumber mailed mailing makers march marker market marketed markets massage master match mature mauling meaning
mediate meekly member members mending midgets minder mingle minister mission mixed mixing mobil mobile model modify
module modules morning mornings motel mother motion motions mourning moving mugging mulling nailed nailing nation
nature nearing nearly nesting netting never noble nothing nothings noticed notices notified notify notion novice
numbered numbers nursing offer offered offers office officer omission other others palace passage patient pausing
paving paying peach pending perceive permanent permanently permission petting phoned pilled pinging placed placing
planet plastic plateau platform playing please pleased pleases poach police policy polite political politically
politics polling popping portion portions poster praised praying preached premise prescribe prescription presume
program programmer programs promise promised promises promote promoted promotion promotional promotions prompt
proportion prove proved provoke pulled pulling purse putting quests racing railing raining raised rally ranging rather
ratify raving reached reactivated ready reality really rebinder receipt receive received receiver receives recently
recipe recode record recorded records rectify register registered registers registry relate release released remainder
remind reminded reminder reminds remission remodel remote removable removal remover render reprove request requested
rescue resist resisted respect restart resting result resume resumed retail retails retrieve review reviews revive
revoke revolve rewinder ringing ripping river roach rolling rooster roster rumbers sailed sailing sample saving saying
science scrolled search searing seeding seeing seller selling sender sensing sentence service services servicing
setting seven sever shaving shearing shipped shipping shiver shopping showing silence silent silver simple singe
singing single singles sinister sitting slowing smelling snatch snowing something spacing spelling spend spending
spraying spread stable station staying stems stepping stitch stocked stopping stripped submission subscribe subscribed
subscriber subscribers subscription suspect suspend suspended sweet swift switch system systems table tables tailing
tailored tails tanks tasted taxed taxing teach tearing tease teased telephone telephones teller telling tempt tender
tending terminal terminate termination tested testing texted thank thankful thanks think thinks thread threads thrift
throwing tickets tipping together tomorrow topping totally tracing trailing training transcribe tread treated tugging
unable under unrolled unwanted update updated upset usage using vacation vending vendor vetting vexed vitally voice
voiced waited waiting walled wander wanted warned warning warnings wasted watch waving weakly wearing weather weekly
wetting whether whiting widgets winging witch wonder wondering writing yearly zipping
"""
"""Words that are one letter away from a word above and mean something else."""
