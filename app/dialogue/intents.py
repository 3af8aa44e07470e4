"""The intents that flows look for: the phrases, and how strictly each is meant."""

from __future__ import annotations

from app.dialogue.intent import intent

GOODBYE = intent(
    (
        "bye", "bye bye", "bye for now", "farewell", "see you", "see you later", "see you soon", "see you then",
        "talk to you later", "speak to you later", "speak soon", "have a nice day", "have a good day",
        "have a great day", "have a good one", "have a lovely day", "take care", "good night", "hang up",
        "you can hang up", "i have to go", "i have to go now", "i need to go", "i must go", "i have got to go",
        "i am going to go", "i will let you go", "end the call", "end call", "stop the call", "i am done",
        "we are done", "cheerio", "so long", "catch you later",
    ),
    closing=("bye", "bye bye", "bye for now", "see you later", "see you soon", "have a nice day", "have a good day"),
)  # fmt: skip

NOTHING_MORE = intent(
    (
        "that is all", "that is it", "that will be all", "that will be it", "that is everything", "that was all",
        "nothing else", "nothing more", "nothing", "that would be all", "i am all set", "all set", "i am good",
        "that is all i need", "that is all i needed", "that is all i wanted", "that is all i wanted to know",
        "that is everything i needed", "no more questions", "i have no more questions", "i have no other questions",
        "no further questions", "not at the moment", "i do not need anything else", "that answers my question",
        "i do not have any more questions", "that is all for now", "that is all for today", "no that is all",
    ),
)  # fmt: skip

REFUSED = intent(
    ("no", "no thank you", "not really", "not today", "not now", "none", "i do not think so", "not for now")
)
"""No, and nothing but no: the answer to "is there anything else?"."""

THANKS = intent(
    (
        "thank you", "thank you very much", "thank you so much", "many thank you", "thank you a lot", "much obliged",
        "i appreciate it", "i appreciate that", "that is very helpful", "that is helpful", "that helps",
        "that was helpful", "that is very kind", "you are very kind", "you have been very helpful", "much appreciated",
        "you are very helpful", "that is kind of you", "how kind", "thank you for the information",
        "thank you for telling me", "thank you for that",
    ),
)  # fmt: skip

REPEAT = intent(
    (
        "repeat", "repeat that", "repeat it", "repeat please", "say that again", "say it again", "say again",
        "once more", "one more time", "come again", "pardon", "pardon me", "i beg your pardon", "beg your pardon",
        "what did you say", "what was that", "what did you just say", "i did not hear", "i did not hear that",
        "i did not hear you", "i did not catch that", "i did not get that", "i missed that", "i missed it",
        "i could not hear you", "i could not hear that", "i can not hear you", "could not hear", "tell me again",
        "what was that again", "what is that again", "repeat yourself", "repeat what you said", "say that once more",
        "repeat the last", "the last part again", "what were you saying", "did not hear", "did not catch",
        "go over that again", "you said what", "i did not understand",
        "i do not understand", "what do you mean", "i did not understand that", "repeat your answer",
        "repeat the answer", "repeat that answer", "repeat the last thing", "slower", "more slowly", "say that slowly",
    ),
    alone=("what", "sorry", "sorry what", "excuse me what", "huh", "eh"),
)  # fmt: skip

REPEAT_QUESTION = intent(
    (
        "repeat the question", "repeat your question", "repeat that question", "say the question again",
        "the question again", "hear the question again", "what was the question", "what is the question",
        "ask the question again", "ask again", "ask me again", "read the question again", "ask that again",
        "the last question again", "repeat the last question", "i did not understand the question",
        "i do not understand the question", "i did not hear the question", "what do you mean by that",
        "explain the question", "rephrase the question", "rephrase that", "what was your question", "the question",
        "question again", "could you rephrase", "i forgot the question", "what did you ask", "what did you ask me",
        "i did not get the question", "i did not catch the question",
    ),
)  # fmt: skip

LISTEN = intent(("stop", "be quiet", "quiet", "shut up", "stop talking", "enough", "that is enough", "stop it"))

WAIT = intent(
    (
        "wait", "wait a minute", "wait a moment", "wait a second", "hold on", "hold on a second", "hang on",
        "hang on a second", "one moment", "one minute", "one second", "one sec", "just a moment", "just a second",
        "just a minute", "just a sec", "give me a minute", "give me a moment", "give me a second", "give me a sec",
        "give me some time", "let me think", "let me think about it", "let me think about that", "i am thinking",
        "i need a moment", "i need a minute", "i need a second", "i need time", "i need some time", "bear with me",
        "i need more time", "a moment", "a minute", "a second", "give me time", "two minutes", "excuse me",
        "a little longer", "need a bit more time", "give me a couple of minutes", "let me get a glass of water",
        "let me find a pen", "let me get a pen", "let me just sit down", "let me see",
    ),
    beside=1,
)  # fmt: skip

YES = intent(
    (
        "yes", "yes please", "i am ready", "ready", "ready when you are", "let us begin", "let us start", "let us go",
        "let us do it", "let us do this", "go ahead", "go on", "sure", "okay", "all right", "of course", "certainly",
        "absolutely", "definitely", "begin", "start", "fire away", "shoot", "i suppose so", "i guess so", "i think so",
        "i suppose", "as ready as i will ever be", "bring it on", "sounds good", "why not", "we can start",
        "you can start", "start now", "i am now ready", "born ready", "i am set", "all set", "by all means",
        "we can begin", "you can begin", "please do", "yes we can", "indeed", "totally", "exactly", "correct",
        "i am prepared", "good to go", "let us get started", "get started", "ask me", "ask away", "first question",
        "uh huh", "mm hmm", "mhm", "right",
    ),
    beside=2,
)  # fmt: skip

NO = intent(
    (
        "no", "not yet", "not now", "not quite", "not really", "not at the moment", "i am not ready", "not ready",
        "no i am not", "later", "in a minute", "in a moment", "in a second", "no thank you", "almost", "nearly",
        "not ready yet", "i am not ready yet", "not quite ready", "no wait",
    ),
    beside=2,
)  # fmt: skip

SKIP = intent(
    (
        "skip", "skip it", "skip that", "skip this", "skip this one", "skip that one", "skip the question",
        "skip this question", "skip that question", "next", "next question", "next one", "the next one", "pass",
        "i pass", "i will pass", "pass on that", "pass on this one", "move on", "let us move on", "can we move on",
        "go to the next question", "another question", "a different question", "ask me another",
        "ask me something else", "i would rather not answer", "i do not want to answer", "i prefer not to answer",
        "i would prefer not to answer", "rather not say",
    ),
    beside=1,
)  # fmt: skip

NOT_KNOWN = intent(
    (
        "i do not know", "do not know", "no idea", "i have no idea", "not sure", "i am not sure", "no clue",
        "i have no clue", "i can not answer", "i can not answer that", "i can not say", "i could not say", "beats me",
        "i do not have an answer", "i can not think of anything", "nothing comes to mind", "i do not remember",
        "i can not remember", "i have forgotten", "i forgot", "not a clue", "i would not know", "i can not think",
        "i have never done that", "i am stuck", "i have nothing", "no answer",
    ),
    beside=2,
)  # fmt: skip

STOP = intent(
    (
        "stop", "stop the interview", "stop here", "stop now", "end the interview", "end it here", "end this",
        "quit", "i quit", "cancel", "cancel the interview", "i want to stop", "i would like to stop", "let us stop",
        "can we stop", "not interested", "i am not interested", "another time", "call me later", "call me back later",
        "call me back", "call back later", "some other time", "i do not want to do this", "i give up",
        "i do not want to continue", "i do not want to go on", "finish the interview", "i want to end the interview",
        "i would like to end the interview", "stop this", "terminate the interview", "wrong number",
        "i do not want an interview", "leave me alone", "abort", "i want to quit",
    ),
    beside=1,
)  # fmt: skip

SOUNDS = intent(
    (
        "um", "uh", "er", "hm", "mm", "mm hmm", "mhm", "uh huh", "okay", "yes", "no", "right", "hello", "i see", "well",
        "so", "ah", "oh", "sure", "all right", "are you there", "are you still there", "can you hear me",
    ),
)  # fmt: skip
"""Sounds and small words that are no answer to anything."""
