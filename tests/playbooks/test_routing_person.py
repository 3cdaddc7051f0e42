"""A person can always be asked for, and nothing else is taken for such a request.

The recogniser was mended on the first list of each pair. Of the second, written before it was run on any of them, it
then found 18 of 22 and raised no false alarm in 22; once mended on those too, it found 12 of 16 fresh ones. What was
missed is mended now, so all lists only keep what was reached.
"""

import pytest

from kit.playbooks.routing.person import asks_for_person

ASKS = """\
human. now.
honestly can I just have an agent do this with me
can a human do this with me please
could a real person look at my case
HUMAN!!!
agent agent agent
can i speak w/ someone
real person plz
get me a represenative
speak to a humam
I want to talk to a real human being
transfer me to an agent please
connect me with customer service
put me through to a supervisor
let me speak to your manager
no. I said I want to speak to your manager
BL-104233. Human. Please.
I need a person, not a bot
give me a human
LET ME TALK TO A REAL PERSON!
stop. get me a live agent
why can I not talk to a human
customer support please
could you connect me to somebody""".splitlines()

ASKS_UNSEEN = """\
operator
i wanna chat with a person
Please escalate this to a supervisor
is there any way to speak with an actual human
live agnet please
i just want to talk to someone about my refund
SPEAK TO REPRESENTATIVE
pls transfer to agent thx
can you get someone to talk to me, a human
I'd like to speak with a member of your team
talk to a persn
this is useless, give me an operator
reach a human
i demand to speak to a manager right now
Could I talk with somebody in support?
need human help
hello? human?
put a real person on
I would rather speak with a representative, thanks
rep please
let me chat to an advisor
switch me to a human agent""".splitlines()

ASKS_FRESH = """\
can you please connect me to an agent
want human
get me your supervisor!!
i'm done with this bot, human please
Is it possible to talk to someone on the phone?
representitive
speak to agent
please have a person contact me
escalate to a manager
i need to talk to a real live person today
put me in touch with an advisor
may I chat with one of your people
customer care
i would like to speak to someone in charge
hand me over to a human
not a robot, a person please""".splitlines()

OTHERS = """\
can people see my data
can the agent see my order
could a person install it alone
the human resources page
my agent bought it
human-readable schedule
I don't want to talk to a human
am i talking to a real person
my estate agent installed the thermostat
the person who lived here before left it
can I add another person to my home
how do I manage the members
the manager of our building set the schedule
no need to speak to an agent
how many people can use one account
does it detect a person in the room
the installer's representative left no papers
someone stole my parcel
I spoke to an agent yesterday and he promised a refund
will somebody be at home
can the dial talk to the sensor
what do I get if I send a person in my house an invitation
humidity is wrong
is the motion sensor human safe""".splitlines()

OTHERS_UNSEEN = """\
my operator changed the phone plan
the operation manual is missing
give a person access to my account
do you have human rights policies
agent orange colour option
which people can see my data
my boss wants to talk about the bill
get the representative value of the sensor
how do I contact my bank about the refund
the support bracket is broken
I want to add my agent's email address
send the supervisor report to me
need a person counter sensor
I talked to someone last week and nothing happened
how do I connect the dial to a sensor
transfer my account to another person
does the app speak to alexa
can a person be removed from a home
reach the reset button without a tool
staff discount
specialist wiring needed?
switch to heat""".splitlines()


PLAINLY = (
    "I have been through this three times already, just put me thru to a real person who can read",
    "can somebody call me back please",
    "is there anyone real there",
    "please transfer me",
    "can I get a call from one of your people",
    "who can I speak to",
)
NOT_PLAINLY = (
    "can you transfer me the money",
    "please call me a taxi",
    "no need to call me back",
    "please call me Tom",
)

# Found among questions to other help centres, and what is near them.
OF_OTHERS = """\
What does it change to switch a team from public to private?
We want only people with our company's mail addresses to join
how can I reach people who left their address on my page
I want people to chat on my site
where do I connect the team to a new plan
I get an error when I start it. Please advise.
Our machines are:
1 agent
2 servers
what are you, a bot or a human
am I speaking with a computer or a real, live person""".splitlines()
STILL_ASKED = """\
switch me over to an agent
connect me to the team please
escalate this to your manager
hand this to a supervisor
let me talk to real people
please call me back
could you call me when the driver is here""".splitlines()


@pytest.mark.parametrize("message", [*ASKS, *ASKS_UNSEEN, *ASKS_FRESH, *PLAINLY, *STILL_ASKED])
def test_a_person_is_asked_for(message: str) -> None:
    assert asks_for_person(message)


@pytest.mark.parametrize("message", [*OTHERS, *OTHERS_UNSEEN, *NOT_PLAINLY, *OF_OTHERS])
def test_something_else_is_meant(message: str) -> None:
    assert not asks_for_person(message)


@pytest.mark.parametrize("message", ["", " ", "🙂", "human " * 5000, "talk to " * 3000, "a" * 20_000])
def test_any_text_is_judged(message: str) -> None:
    assert isinstance(asks_for_person(message), bool)
