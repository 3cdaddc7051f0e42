"""What people say when somebody is in danger: by their own hand, by another's, or by a thing."""

__all__ = ["HAZARD", "NO_HAZARD", "NO_SELF_HARM", "NO_VIOLENCE", "SELF_HARM", "VIOLENCE"]

SELF_HARM = (
    r"\b(?:kill(?:ing)?|hang(?:ing)?|shoot(?:ing)?|harm(?:ing)?|unaliv(?:e|ing)|drown(?:ing)?|starv(?:e|ing)) myself\b",
    r"\b(?:hurt|hurting|cut|cutting|burning) myself\b",
    r"\b(?:end|take|taking|ending) my (?:own )?life\b|\bend(?:ing)? it all\b|\bkms\b",
    r"\bsuicid(?:e|al)\b",
    r"\b(?:want(?:ed)?|wanna|going|plan(?:ning)?|ready|rather|like) (?:to )?(?:just )?(?:die|be dead)\b",
    r"\bwish(?:ed)? (?:i|that i) (?:was|were) (?:dead|never born|not alive)|\bwish i(?:'d| had) never been born",
    r"\bbetter off (?:dead|without me)\b|\b(?:no ?(?:body|one)) would (?:miss me|care if i)",
    r"\b(?:don't|do not|dont|didn't|can't|cannot|cant|no longer|not) (?:really )?(?:want|wish|need|see a reason"
    r"|bear) to "
    r"(?:live|be alive|be here|exist|be around|wake up|go on)\b(?! (?:with|in|near|for|at)\b)",
    r"\b(?:don't|do not|dont|can't|cannot) see (?:why|any reason|a reason|the point)[^.!?]{0,30}"
    r"\b(?:be around|live|living|be here|go on|alive|exist)",
    r"\b(?:no|any|a) (?:reason|point)(?: \w+)? (?:to|in) (?:live|living|being alive|going on|be alive)\b",
    r"\blife (?:is|isn't|is not|feels?) (?:not |no longer )?(?:worth|pointless|unbearable|over for me)",
    r"\bcan'?t (?:go on|take it) (?:any ?more|like this|any longer)[^.!?]{0,30}\b(?:life|living|alive|pills|alone)\b",
    r"\bjump(?:ing)? (?:off|from) (?:a|the|my) (?:bridge|roof|balcony|building)",
    r"\b(?:took|take|taking|swallow\w*) (?:all (?:my|the|of my)|too many|a (?:whole )?(?:bottle"
    r"|box) of) (?:\w+ )?(?:pills|tablets|meds)",
    r"\b(?:mich umbringen|nicht mehr leben|mir das leben nehmen|quiero morir|no quiero vivir|matarme|suicidarme"
    r"|me suicider|envie de mourir|plus envie de vivre|voglio morire|uccidermi|quero morrer|me matar)\b",
)
NO_SELF_HARM = (
    r"\bend it all(?= ?:)",
    r"\b(?:cut|hurt|burn\w*) myself (?:on|with|while|when|installing|trying|badly)\b",
    r"\brather (?:die|be dead) than\b|\bsuicide (?:squad|prevention (?:page|poster)|mission|doors?)\b",
    r"\bwant to die (?:laughing|of)\b|\blike to die (?:laughing|of)\b|\b(?:could|would) (?:have )?(?:kick"
    r"|kill)(?:ed)? myself for\b",
    r"\b(?:want|wants|going|ready|like)s? to die (?:down|on me|before|after|every|so)\b",
    r"\b(?:battery|phone|app|process|device|dial|sensor|router|plant|it) (?:\w+ ){0,3}(?:want|going|ready"
    r"|like)s? to die\b",
)

_PERSON = (
    r"(?:you|him|her|them|u|someone|somebody|everyone|everybody|people|my (?:\w+ )?(?:wife|husband|boss|ex|neighbou?r"
    r"|partner"
    r"|boyfriend|girlfriend|family|kids|father|mother|brother|sister|landlord|coworker|colleague)"
    r"|your (?:\w+ )?(?:staff|people|agents?"
    r"|employees|ceo|boss|manager|family|team|driver|technician|courier))"
)
_CLOSE = (
    r"(?:he|she|they|husband|wife|ex|partner|boyfriend|girlfriend|father|mother|dad|mom|mum|son|brother|roommate"
    r"|landlord|neighbou?r"
    r"|boss|someone|somebody|(?:ex|step)[ -]?\w+)"
)
VIOLENCE = (
    r"\b(?:going to|gonna|will|want to|wanna|ll|could|should|planning to|like to|about to) (?:fucking |just |really "
    r"|come and |come over and )?"
    rf"(?:kill|hurt|shoot|stab|beat(?: up)?|attack|murder|strangle|punch|bomb|poison"
    rf"|harm) (?:the shit out of )?{_PERSON}\b",
    r"\b(?:going to|gonna|will|want to|ll|should) (?:fucking )?(?:bomb|burn down|blow up|shoot up"
    r"|set fire to) (?:your|the|this|that|my)"
    r" (?:\w+ )?(?:office|building|store|shop|warehouse|headquarters|hq|house|place|call cent(?:er|re)|family)",
    r"\b(?:come|coming|drive|driving|find|finding|visit)(?: \w+){0,5} and (?:kill|hurt|shoot|beat|stab|murder|burn)\b"
    r"|\b(?:kill"
    r"|murder) you all\b",
    r"\bbomb (?:threat|in your|in the (?:building|office))|\bbring(?:ing)? (?:a|my) (?:gun|knife|weapon)\b",
    r"\b(?:know|find(?: out)?|found out) where (?:you|your (?:family|kids|staff|agents?)|he|she) (?:all )?lives?\b",
    rf"\b{_CLOSE} (?:\w+ ){{0,2}}?(?:hits|beats|beat|hit|hurts|threatens|threatened|threatening|stalks|stalking"
    rf"|abuses|abusing|choked"
    r"|strangled|attacked|attacking|raped|follows|following|chasing|spies on|spying on|tracks|tracking|watches"
    r"|watching) (?:me|us)\b",
    # A home's devices used to watch or to torment: who comes and goes, what is warm and when.
    rf"\b{_CLOSE} (?:\w+ ){{0,3}}?(?:watch(?:es|ing)?|monitors?|monitoring|tracks?|tracking|stalks?|spies|spying"
    r"|listens?|listening)(?: (?:me|us|on|in|through|with|from|via|to|the|his|her|my|app|camera|phone|always)){0,6}"
    r" (?:when(?:ever)?|where|every time|if|that) (?:i|we)(?:['’]?m|['’]re)? "
    r"(?:come|go|leave|get|am|are|sleep|arrive|in|out|at|home|not|wake)",
    r"\bmy ex(?:[- ]?(?:husband|wife|partner|boyfriend|girlfriend|bf|gf))? (?:\w+ ){0,2}?(?:controls|watches|spies"
    r"|(?:keeps|is|been) (?:changing|turning|switching|watching|controlling|messing))\b",
    r"\bwithout (?:him|her|them|my \w+) (?:noticing|knowing|finding out)\b[^.!?]{0,60}"
    r"\b(?:scared|afraid|frightened|terrified|not safe|unsafe)\b"
    r"|\b(?:scared|afraid|frightened|terrified|not safe|unsafe)\b[^.!?]{0,60}"
    r"\bwithout (?:him|her|them|my \w+) (?:noticing|knowing|finding out)\b",
    r"\bdomestic (?:violence|abuse)\b|\b(?:being|am|getting) (?:stalked|beaten|abused|threatened|attacked"
    r"|watched by my)\b",
    r"\b(?:afraid|scared|terrified|hiding) (?:of|from) (?:my|him|her) ?(?:ex|husband|wife|partner|boyfriend"
    r"|girlfriend|father|stepfather)?\b",
    r"\bthreat(?:en(?:s|ed|ing)?)? (?:to (?:kill|hurt|harm|beat|shoot)|my life)|\bto (?:scare|frighten|terrorize"
    r"|terrorise) (?:me|us)\b",
    r"\b(?:someone|somebody|a man|a stranger|intruder|burglar)s?(?: is| are)? (?:breaking in|in my (?:house|home|flat"
    r"|apartment)|trying to get in)",
)
NO_VIOLENCE = (
    r"\bshoot (?:you|them|him|her|someone|somebody|your \w+) (?:an?|the|my|another|over|some) (?:\w+ )?(?:e-?mail"
    r"|message|note|text|line|dm|photo"
    r"|question|picture|reply|copy)",
    r"\bhit me (?:up|with)\b|\bbeats? me\b(?= (?:how|why|what|to)|[.,!]|$)|\b(?:he|she|they) follow(?:s|ing)? (?:me"
    r"|us) on\b",
    r"\b(?:kill|hurt) (?:you|them|him|her|people) to (?:\w+ ){0,2}(?:answer|reply|help|pick|call|say|be|add|write"
    r"|make|put|have|fix)\b",
    r"\b(?:wo|would|does|did|ca)n'?t (?:kill|hurt) (?:you|them|anyone|anybody)\b|\b(?:kill|hurt|beat) (?:the|my"
    r"|your) (?:price|deal|offer|competition|app"
    r"|process|task|battery|vibe|budget)",
    r"\b(?:kill|hurt) (?:your|our|the|my) (?:business|sales|brand|rating|reputation|score)",
    r"\b(?:threatened|threatening|following|watching|tracking) (?:me|us) with (?:a |the |your )?(?:fee|bill"
    r"|collection|cancell?ation|charge)",
    r"\bbomb (?:cyclone|diggity)\b|\bphoto ?bomb\w*",
)

_THING = (
    r"(?:battery|batteries|charger|adapter|adaptor|plug|cable|cord|device|unit|thermostat|dial|sensor|socket|outlet"
    r"|wall|wires?|wiring"
    r"|box|screen|power (?:supply|strip|bank)|phone|laptop|appliance|product|heater|furnace|boiler|fuse|panel|breaker"
    r"|it)"
)
HAZARD = (
    r"\bsmell(?:s|ed|ing|t)?(?: \w+){0,3} (?:gas|smoke|burning|burn(?:t|ed)|something burning|fumes)\b",
    r"\b(?:burning|burn(?:t|ed)|gas|smoky|scorched|electrical) (?:plastic |rubber )?(?:smell|odou?r)\b",
    r"\b(?:smoke|fumes|flames?|sparks?) (?:\w+ ){0,2}?(?:coming|came|comes|from|out of|shooting|flying|rising"
    r"|pouring)\b"
    r"|\b(?:is|was|started|starts|are|began) (?:\w+ )?(?:smoking|sparking|arcing|sizzling|smouldering|smoldering"
    r"|burning)\b(?! (?:through|cd|a))",
    r"\b(?:is|was|it's|are|were|went|still|house|kitchen|room|wall)(?: \w+)? on fire\b|\bcaught (?:on )?fire\b"
    r"|\bcatch(?:es|ing)? fire\b"
    r"|\bburst into flames\b|\bthere(?:'s| is| was) (?:a )?(?:fire|flames|smoke)\b(?! (?:alarm|detector|tv|stick|hd))"
    r"|\bstarted a fire\b",
    r"\belectr(?:ic|ical) shock\b|\belectrocuted\b|\b(?:shocked|zapped|electrified) (?:me|my|her|him|us|our|when (?:i"
    r"|we) touch)"
    r"|\bgot (?:\w+ ){0,3}(?:shock|shocked|zapped|jolt)\b[^.!?]{0,40}\b(?:touch|wire|plug|plate|screw|metal|dial|when)",
    rf"\b{_THING} (?:\w+ ){{0,4}}?(?:exploded|explode|exploding|blew up|melted|is melting|melting|swollen|swelling"
    rf"|swelled|bulging|bulged"
    r"|scorched|leaking acid|red hot|burn(?:t|ed) (?:my|me|his|her|a hole|the))",
    r"\b(?:exploded|melted|swollen|bulging|exploding) (?:\w+ ){0,2}(?:battery|charger|adapter|plug|cable|dial)\b",
    r"\b(?:burn(?:t|ed)|cut|injured|shocked|broke|crushed|hurt) (?:my|her|his|our|their) (?:\w+'?s? )?(?:hand|finger"
    r"|fingers|arm|face|leg|foot|skin"
    r"|eye|child|son|daughter|baby|head|self)\b|\b(?:cut|hurt|burn(?:t|ed)) myself (?:on|with|while|when|installing"
    r"|trying|badly)\b",
    r"\b(?:co|carbon monoxide|gas|smoke)(?:[ -]\w+)? (?:alarm|detector|monitor)s? (?:\w+ ){0,5}?(?:beeping|going off"
    r"|went off|goes off|ringing"
    r"|sounding|chirping|screaming)\b|\bcarbon monoxide (?:poisoning|leak)\b|\bgas leak\b|\bleaking gas\b",
    r"\b(?:swallowed|ate|choking on|choked on|inhaled|put)(?: \w+){0,3} (?:battery|batteries|magnets?|coin cell"
    r"|button cell|small part|screw)\b"
    r"(?! (?:back|in (?:the|my) (?:dial|sensor|remote)))",
    r"\b(?:isn't|is not|not|stopped|can't|cannot|cant|trouble) breath(?:e|ing)\b|\bunconscious\b"
    r"|\bcall (?:me )?an? ambulance\b|\bheart attack\b"
    r"|\bis bleeding\b|\bbleeding (?:badly|a lot)\b|\bchest pains?\b|\b(?:taken|rushed|in|to) (?:the )?(?:hospital"
    r"|emergency room|er)\b[^.!?]{0,40}"
    r"\b(?:because|after|from|due)\b",
    r"\b(?:flooding|flooded) (?:my|our|the) (?:house|kitchen|basement|flat|apartment)[^.!?]{0,30}\b(?:right )?now\b",
)
NO_HAZARD = (
    r"\b(?:kindle|amazon|fire) (?:fire|tv|stick|hd)\b(?: (?:tv|stick|hd))?",
    r"\b(?:does|do|can|will|would|is|are) (?:the|your|it|this|a)(?: \w+)? (?:detect|work with|compatible|connect"
    r"|integrate|sense|support|link)[^.!?]*",
    r"\bno (?:\w+ )?(?:smoke|sparks?|fire|smell|burning smell|burnt smell|electric shock)\b"
    r"|\bwithout (?:any )?(?:smoke|sparks?|a shock|smell)\b",
    r"\b(?:sticker|sale|price|deal|shipping|bill)[ -]?shock\w*|\bburn(?:ed|t|ing)? (?:through|out|a cd|rubber|bridges"
    r"|my money|a hole in my (?:pocket|wallet))\b",
    r"\b(?:on fire) (?:lately|today|this week|with)\b|\bfire(?:d)? (?:up|off|me|him|her|my|the)\b|\bhow (?:do"
    r"|can) i (?:avoid|prevent|keep)[^.!?]*",
    r"\bno smoking\b|\bsmoking (?:area|room|deal|gun)\b|\bsuspicious smell\b|\bsmells? (?:fishy|like a scam)\b",
    r"\bput (?:\w+ ){1,3}(?:battery|batteries|screw) (?:back|in (?:it|the|my|a)|into (?:it|the|my|a))(?! (?:mouth"
    r"|nose|ear|eye))",
)
