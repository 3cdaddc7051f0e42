"""What people say of law, press, fraud, a death, and as children: matters for a person, with care."""

__all__ = ["BEREAVEMENT", "FRAUD", "LEGAL", "MINOR", "NO_BEREAVEMENT", "NO_FRAUD", "NO_LEGAL", "NO_MINOR", "PRESS"]

_ANYONE = (
    r"(?:some ?(?:one|body)(?: else)?|a (?:stranger|thief|hacker|scammer|fraudster|man|woman|guy)|hackers?|scammers?"
    r"|thieves|they"
    r"|(?:an? )?(?:unknown|other|strange) person|he|she|my ex|strangers?)"
)
_MINE = r"(?:my|our|his|her|my (?:mother|father|mom|mum|dad|wife|husband|son|daughter|parents)'?s?)"
FRAUD = (
    rf"\b{_ANYONE}(?: \w+){{0,3}}? (?:used|using|uses|stole|stolen|steals|stealing|hacked|hacking|hijacked|got into"
    rf"|broke into|logged? into"
    r"|logged in to|accessed|has access to|took over|taken over|cloned|charging|charged|ordering|ordered|buying"
    r"|bought|spending|shopping|is in|is on)"
    rf" (?:things |stuff |items |\w+ )?(?:on |with |from |in |into |to |using )?{_MINE} (?:\w+ )?(?:card|account"
    rf"|identity|name|money|bank|details|login|profile"
    r"|number|password|phone|credit|e-?mail)",
    rf"\b{_MINE} (?:\w+ ){{0,2}}?(?:card|account|identity|details|login|profile|e-?mail"
    rf"|password)s? (?:\w+ ){{0,3}}?(?:stolen|hacked|hijacked|compromised"
    r"|cloned|skimmed|breached|taken over|broken into|used by (?:some|a stranger|another))",
    r"\b(?:stole|stealing|stolen|hacked|hijacked|cloned) (?:my|our) (?:\w+ )?(?:card|account|identity|details|money"
    r"|login|bank|credit card)\b"
    r"|\bstolen (?:\w+ )?(?:card|account|identity|credit card)\b",
    r"\b(?:fraudulent|unauthori[sz]ed) (?:\w+ )?(?:charge|charges|payment|payments|purchase|purchases|order|orders"
    r"|transaction|transactions|access|login|use)",
    r"\b(?:card|bank|payment|credit card|identity|account) fraud\b|\bidentity theft\b|\bvictim of (?:a )?(?:fraud"
    r"|scam|phishing|theft)\b",
    r"\b(?:am|been|being|got|was|were|getting|is) (?:\w+ )?(?:scammed|phished|defrauded|conned|hacked|blackmailed"
    r"|extorted)\b",
    r"\bscammers?\b[^.!?]{0,40}\b(?:called|calling|call|phone|has|have|got|gave|told|pretend\w*|on the line|my)\b"
    r"|\bscammed (?:me|us|my|out of)\b",
    r"\b(?:gave|given|told|sent|typed|entered) (?:\w+ ){0,4}(?:my|our) (?:\w+ )?(?:card|password|pin|code"
    r"|bank details|ssn)[^.!?]{0,60}\b(?:scam|fake|fraud|phish)",
    r"\bpretend(?:s|ed|ing)? to be (?:from )?(?:your|you|my bank|the company|support|an? employee)\b|\bclaim(?:s|ed"
    r"|ing)? to be (?:from )?(?:your company|my bank|your support)",
    r"\bthere(?:'s| is) (?:a |some )?(?:stranger|hacker|some(?:one|body)(?: else)?)(?: \w+)? (?:on|in|using) (?:my"
    r"|our) (?:account|app|profile|home|camera)",
    r"\b(?:phone|device|computer|login|person) (?:that )?(?:i|we) (?:do not|don't|dont) (?:know"
    r"|recogni[sz]e)[^.!?]{0,40}\b(?:account|logged|listed|app)\b",
    r"\b(?:charge|charges|order|orders|purchase|purchases|payment|payments|transaction)s? (?:that )?(?:i"
    r"|we) (?:did not|didn't|didnt|never) (?:make|made|authori[sz]ed?|place|placed|approve)",
)
NO_FRAUD = (
    r"\b(?:is|are|was|sounds like|looks like|such|what|like|feels like|total|complete"
    r"|pure) (?:\w+ )?(?:an? )?(?:total |complete |huge |big )?(?:scam|rip-?off|fraud)\b",
    r"\bhow (?:do|can|does|would) (?:i|you|we) (?:protect|prevent|avoid|report|know|secure)[^.!?]*",
    r"\b(?:my|our) (?:son|daughter|wife|husband|partner|kid|child|mother|father|mom|dad)s? (?:\w+ )?(?:used|uses"
    r"|using|logged)[^.!?]{0,20}\b(?:with my permission)?",
)

_KIN = (
    r"(?:husband|wife|spouse|partner|fianc[eé]e?|boyfriend|girlfriend|mother|father|mom|mum|mama|dad|daddy|papa|son"
    r"|daughter|baby|child|brother"
    r"|sister|twin|grand(?:mother|father|ma|pa|son|daughter|parent)s?|gran|granny|nan|nana|aunt|uncle|cousin|niece"
    r"|nephew|friend|best friend"
    r"|(?:mother|father|brother|sister|son|daughter)-in-law|parents?|tenant|roommate|flatmate|step\w+|ex-?husband"
    r"|ex-?wife|in-law)"
)
BEREAVEMENT = (
    rf"\b(?:my|our|her|his|their) (?:\w+ )?{_KIN},? (?:(?:has|had|have|just|recently|sadly|suddenly|who|unexpectedly"
    rf"|\w+ly) )*"
    r"(?:died|passed(?: away| on)?(?= |[.,!;?]|$)|is dead|is deceased|was killed|took (?:his|her|their) (?:own )?life"
    r"|is no longer (?:with us|alive))",
    rf"\b(?:death|passing|funeral|loss) of (?:my|our|his|her) (?:\w+ )?{_KIN}\b|\b(?:my"
    rf"|our) (?:\w+ )?{_KIN}'?s (?:\w+ )?(?:death|passing|funeral|estate)\b",
    rf"\b(?:my|our|her|his) late (?:\w+ )?{_KIN}\b|\bmy deceased (?:\w+ )?{_KIN}\b",
    rf"\b(?:i|we)(?:'ve| have)? (?:just |recently )?lost (?:my|our) (?:\w+ )?{_KIN}\b(?!'s)",
    r"\bdeceased (?:person|customer|relative|estate|account|user|owner)\b|\bexecut(?:or|rix) (?:of|for)\b"
    r"|\bestate of (?:the late|my|mr|mrs|ms)\b"
    r"|\bdeath certificate\b|\bi(?:'m| am) (?:now )?(?:a )?widow(?:er|ed)?\b|\b(?:a|he|she|they|who|owner|customer"
    r"|holder)(?: has| had| just| recently)* passed away\b",
    r"\b(?:mein mann|meine frau|mein vater|meine mutter)[^.!?]{0,30}\b(?:gestorben|verstorben)\b|\bmi (?:marido"
    r"|esposa|madre|padre)[^.!?]{0,20}\b(?:muri[oó]|falleci[oó])\b"
    r"|\bmon mari[^.!?]{0,20}\b(?:mort|d[eé]c[eé]d[eé])\b|\bma (?:femme|m[eè]re)[^.!?]{0,20}\b(?:morte"
    r"|d[eé]c[eé]d[eé]e)\b",
)
NO_BEREAVEMENT = (
    rf"\b{_KIN} (?:\w+ )?passed (?:\w+ ){{0,2}}(?:test|exam|code|phone|device|on (?:the|it|his|her|your)|it|me|the"
    rf"|along|by|down|through|over|out)\b",
    rf"\b{_KIN}'?s (?:\w+ ){{0,3}}(?:phone|battery|app|dial|laptop|tablet|thermostat|sensor|router) (?:\w+ )?(?:died"
    rf"|is dead|passed away)\b",
    rf"\blost (?:my|our) (?:\w+ )?{_KIN} (?:as|in (?:the )?(?:app|list|account)|at)\b",
)

_CHILD_AGE = r"(?:[5-9]|1[0-7]|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
MINOR = (
    rf"\b(?:i'm|i am|im|me is) (?:only |just |actually )?(?:a )?{_CHILD_AGE}(?:[ -](?:years?|yrs?)[ -]?old"
    rf"|[ -]?y/?o)\b",
    rf"\b(?:i'm|i am|im) (?:only |just )?{_CHILD_AGE} (?:and|so|but) (?:my (?:mom|mum|dad|mother|father|parents"
    rf"|brother|sister)|i|want|can|cant|made|need|it)\b",
    rf"^(?:hi,? |hello,? )?(?:i'm|i am|im) (?:only |just )?{_CHILD_AGE}[.,!]",
    r"\b(?:i'm|i am|im) (?:still )?(?:a minor|under ?age|under (?:18|16|13|eighteen|sixteen|thirteen)"
    r"|not (?:yet )?(?:18|eighteen)|a kid|a child)\b",
    r"\b(?:i'm|i am|im) (?:still )?in (?:(?:1st|2nd|3rd|[4-9]th|first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|ninth) grade|(?:elementary|primary|middle) school)\b",
    r"\bmy (?:parents|mom|mum|dad|mother|father) (?:don't|do not|dont|doesn't|does not|doesnt|must not|can't|cant"
    r"|shouldn't) (?:know|find out)\b",
)
NO_MINOR = (
    rf"\b(?:i'm|i am|im) {_CHILD_AGE} (?:minutes?|hours?|days?|weeks?|months?|miles?|km|percent|%|degrees?|steps?)\b",
)

_LAWYER = (
    r"(?:lawyers?|attorneys?|solicitors?|barristers?|legal (?:team|counsel|advis[eo]rs?|representatives?)|law firm"
    r"|counsel)"
)
LEGAL = (
    r"\b(?:call|calling|writing|here|i'm|i am|this is)(?: \w+)? (?:from|with|for) (?:the )?(?:\w+ )?(?:police|sheriff"
    r"|fbi"
    r"|law enforcement|prosecutor|district attorney)\b",
    r"\b(?:sue|suing|sueing) (?:you|u|your|the company|them|everyone|the (?:hell|pants|crap|shit))\b|\b(?:i'll|i will"
    r"|will|going to|gonna|have to|to) sue\b"
    r"|\bsue (?:for|over) (?:damages|this|that)\b|\bi (?:want|am ready) to sue\b",
    r"\b(?:take|taking|see|drag|bring|meet) (?:you|this|it|them|your company|u|the matter|brightloom)(?: \w+)? (?:to"
    r"|in|before|into) (?:small[ -]claims )?(?:court|a judge)\b",
    r"\bsmall[ -]claims(?: court)?\b|\b(?:take|taking|start(?:ing)?|begin|pursue|pursuing|threaten\w*|seek(?:ing)?"
    r"|considering|initiate|initiating|file|filing)"
    r" (?:\w+ )?(?:legal (?:action|proceedings|steps|advice)|litigation|lawsuits?|a claim in court|a lawsuit)\b",
    rf"\b(?:my|our|his|her|a|the) (?:\w+ )?{_LAWYER}(?:'s)? (?:\w+ ){{0,2}}?(?:will|has|have|is|are|says?|said"
    rf"|advised|wants?|would|contact\w*|sent|sends?|wrote|letter|demand\w*"
    r"|about this|involved|asks?|asked|tells?|told|recommends? (?:that )?i sue)\b",
    rf"\b(?:contact|contacting|contacted|hear(?:ing)? from|speak(?:ing)? (?:to|with)|spoke (?:to|with)"
    rf"|talk(?:ing)? (?:to|with)|call(?:ing)?|hire|hired|hiring|consult(?:ed|ing)?|get(?:ting)?"
    rf"|through|via|involve|from|forward\w*(?: \w+){{1,4}} to|hand\w*(?: \w+){{1,4}} to"
    rf"|pass\w*(?: \w+){{1,4}} to) (?:my|our|a|an|the) (?:\w+ )?{_LAWYER}\b(?! friend)",
    r"\b(?:lawsuit|class[ -]action|cease and desist|subpoena|court order|search warrant|statutory demand"
    r"|letter before action|notice of claim|press(?:ing)? charges"
    r"|legal proceedings|legal action)\b",
    r"\b(?:put|putting|on) (?:\w+ )?(?:on )?(?:formal |legal )?notice\b(?= |[.,!;]|$)(?<=notice)(?:(?! period| board"
    r"| bar).)",
    r"\b(?:report|reporting|reported|complain|complaint|complaining|file|filed"
    r"|filing)\b[^.!?]{0,40}\b(?:attorney general|ftc|cfpb|ombudsman|trading standards|consumer protection"
    r"|regulator|data protection (?:authority|commission\w*|officer)|the ico|better business bureau|bbb)\b",
    r"\b(?:detective|officer|sergeant|inspector|constable|deputy|agent) [A-Z]\w+,? (?:\w+ ){0,3}(?:pd|police"
    r"|department|sheriff|fbi|bureau)\b"
    r"|\b(?:police|law enforcement|the fbi|sheriff)\b[^.!?]{0,50}\b(?:need|needs|request|requests|require|requires"
    r"|investigat\w+|want|wants|demand|demands|warrant)\b",
)
NO_LEGAL = (
    rf"\b{_LAWYER} friends?\b[^.!?]{{0,20}}|\b(?:friend|wife|husband|brother|sister),? (?:who is |is )?an? {_LAWYER}\b",
    rf"\b{_LAWYER}(?: \w+)? (?:recommended|loves?|likes?|uses?|has (?:the|a|your|one)|bought|suggested) (?:you|your"
    rf"|this|the|it|a|one)\b[^.!?]{{0,30}}",
    rf"\b(?:for|at|of|to) (?:my|our|a|the) {_LAWYER}(?:'s)? (?:office|home|house|practice|building|firm)\b",
    r"\bmy name is sue\b|\bsue (?:is|was|has|and|from)\b"
    r"|\blegal (?:name|age|document page|notice page|tender"
    r"|holiday)\b|\b(?:one|two|a|\d+) (?:week|day|month)s?'? notice\b",
    r"\bnotice (?:that|how|the|a|any|period|board|of (?:termination|cancell?ation))\b|\bshort notice\b",
)

PRESS = (
    r"\b(?:i['’]?m|i am|this is|speaking as) (?:\w+ ){0,3}?(?:an? |the )?(?:\w+ )?(?:reporter|journalist"
    r"|news (?:editor|producer))\b"
    r"|\b(?:reporter|journalist|correspondent)s? (?:with|for|from|at) (?:the )?[A-Z]\w+"
    r"|\b(?:statement|comment|quote)s? (?:for|to) (?:the |our )?(?:press|media|news\w*|article|story|paper)\b"
    r"|\bpress (?:inquiry|enquiry|request|deadline)\b",
)
