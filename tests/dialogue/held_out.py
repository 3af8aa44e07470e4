"""Wordings written after all tuning, and kept from it since: what becomes of callers whose words nobody foresaw.

Nothing may be changed to make one of these come out right; whoever does moves them to `wordings.py` and writes others.
"""

from __future__ import annotations

ASKED: dict[str, tuple[tuple[str, str], ...]] = {
    "receptionist": (
        ("do you close early on fridays", "hours-friday"),
        ("what's the latest i can come on a tuesday", "hours-tuesday"),
        ("are you open this weekend", "hours-weekend"),
        ("can you tell me your opening times please", "hours"),
        ("are you open on easter monday", "hours-holidays|hours-monday"),
        ("when do you finish serving lunch", "kitchen-hours"),
        ("is there any soup left", "soup"),
        ("what's the price of a cup of tea", "tea"),
        ("how much do you charge for hot chocolate", "hot-chocolate"),
        ("do you have fresh cakes today", "cakes"),
        ("how much is a toasted cheese sandwich", "lunch"),
        ("what sort of breakfasts do you do", "breakfast"),
        ("my friend is vegan what can she eat", "vegan"),
        ("do you use almond milk", "milk"),
        ("does the carrot cake contain nuts", "allergens|cakes"),
        ("do you have bread without gluten", "gluten-free"),
        ("which street is the café on", "address"),
        ("does the bus go past your door", "public-transport"),
        ("where should i park", "parking"),
        ("can i reserve a table by phone", "reservations"),
        ("there are eight of us can we come", "groups"),
        ("can i order a coffee to take away", "takeaway|coffee"),
        ("do you mind dogs", "dogs"),
        ("is your internet free", "wifi"),
        ("do you have a baby changing table", "children"),
        ("are your toilets accessible for wheelchairs", "access"),
        ("can i pay with apple pay", "payment"),
        ("where can i get a voucher for a friend", "gift-cards"),
        ("is the garden open", "outside"),
        ("do you have any non alcoholic beer", "alcohol"),
        ("do you have work for a student", "jobs|gift-cards"),
        ("i forgot my glasses at your café", "lost-property"),
        ("i have a complaint", "manager"),
        ("am i speaking to a real human", "who-are-you"),
        ("what can you tell me about the café", "about"),
        ("what is your speciality", "specials"),
    ),
    "assistant": (
        ("explain to me what this service does", "what-is-parley"),
        ("what else can you do", "capabilities"),
        ("how does the voice recognition work", "how-it-works"),
        ("are you going to keep a recording of me", "recording"),
        ("who is able to listen to my call", "privacy"),
        ("get rid of my data", "delete-data"),
        ("let me speak to a real person", "contact|are-you-human"),
        ("are you actually a human being", "are-you-human"),
        ("what is your name please", "who-are-you"),
        ("do you know how to speak french", "languages"),
        ("how much do i have to pay for this", "cost"),
        ("may i call in the middle of the night", "hours"),
        ("please ring me back this afternoon", "phone-me"),
        ("how are you feeling", "how-are-you"),
        ("make a joke please", "joke"),
        ("what is the time please", "weather-and-news"),
        ("who developed you", "age-and-home|how-it-works"),
        ("you are really good at this", "compliment"),
        ("is there anyone on the line", "hear-me"),
        ("which other personas can i call", "personas"),
    ),
}
"""As in `wordings.py`."""

UNRELATED: dict[str, tuple[str, ...]] = {
    "receptionist": (
        "can you recommend a good hotel",
        "how do i unblock a drain",
        "what is the score in the cricket",
        "my car will not start",
        "do you rent out boats",
        "i would like to renew my library book",
        "tell me the news",
        "how many planets are there",
    ),
    "assistant": (
        "do you have a vegetarian option",
        "where is the nearest hospital",
        "what size shoes do you wear",
        "how do i knit a scarf",
        "book me a taxi to the airport",
        "what is the fastest animal",
        "i need a haircut",
        "which bus goes to the harbour",
    ),
}
"""As in `unrelated.py`."""
