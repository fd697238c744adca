import pytest

from questions.parsing.letters import LetterRefused, ParsedAsker, ParsedQuestion, parse_letter_text

from .letter_texts import letter_text


def common_questions(text):
    return parse_letter_text(letter_text(common=text)).common_questions


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1.", "2."),
        ("1)", "2)"),
        ("(1)", "(2)"),
        ("Q1.", "Q2."),
        ("Q1:", "Q2:"),
        ("Question 1:", "Question 2:"),
        ("1 –", "2 –"),
        ("**1.**", "**2.**"),
        ("  1.\t", "  2.\t"),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_numberings(first, second, between):
    questions = common_questions(f"{first} *CIVICUS*: What?{between}{second} *Ada Lund*: Who?")

    assert questions == (
        ParsedQuestion(1, (ParsedAsker("CIVICUS"),), "What?"),
        ParsedQuestion(2, (ParsedAsker("Ada Lund"),), "Who?"),
    )


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("*Octava Forum*:", ["Octava Forum"]),
        ("**Octava Forum**:", ["Octava Forum"]),
        ("_Octava Forum_:", ["Octava Forum"]),
        ("*Octava Forum:*", ["Octava Forum"]),
        ("Octava Forum:", ["Octava Forum"]),
        ("Octava Forum –", ["Octava Forum"]),
        ("“Octava Forum”:", ["Octava Forum"]),
        ("*Octava Forum*\n", ["Octava Forum"]),
        ("*Octava Forum*:\n\n", ["Octava Forum"]),
        ("*Octava Forum* \xa0:", ["Octava Forum"]),
        ("*CIVICUS* and *Octava Forum*:", ["CIVICUS", "Octava Forum"]),
        ("*CIVICUS*, *Octava Forum* & *Ada Lund*:", ["CIVICUS", "Octava Forum", "Ada Lund"]),
        ("*CIVICUS*, *Octava Forum*, and *Ada Lund*:", ["CIVICUS", "Octava Forum", "Ada Lund"]),
        ("CIVICUS / Octava Forum:", ["CIVICUS", "Octava Forum"]),
        ("*CIVICUS / Octava Forum*:", ["CIVICUS", "Octava Forum"]),
        ("CIVICUS and Octava Forum:", ["CIVICUS", "Octava Forum"]),
        ("Octava Forum, CIVICUS and Ada Lund:", ["Octava Forum", "CIVICUS", "Ada Lund"]),
        ("Octava Forum and the League for Peace:", ["Octava Forum", "League for Peace"]),
        ("*League for Peace and Freedom*:", ["League for Peace and Freedom"]),
        ("*CIVICUS and Octava Forum*:", ["CIVICUS", "Octava Forum"]),
        ("*Octava Forum, CIVICUS & Ada Lund*:", ["Octava Forum", "CIVICUS", "Ada Lund"]),
        ("*CIVICUS/FFR*:", ["CIVICUS", "FFR"]),
        ("*Women and Children First*:", ["Women and Children First"]),
        ("*Ada Lund, Octava Forum*:", ["Ada Lund, Octava Forum"]),
        ("Forum d’Été:", ["Forum d’Été"]),
        ("Asked by Octava Forum:", ["Octava Forum"]),
        ("From CIVICUS:", ["CIVICUS"]),
        ("Octava Forum\n", ["Octava Forum"]),
        ("CIVICUS\n\n", ["CIVICUS"]),
        ("League for Peace and Freedom:", ["League for Peace and Freedom"]),
        ("Human Rights and Democracy Network:", ["Human Rights and Democracy Network"]),
        (
            "Centre for Civil, Political and Social Rights:",
            ["Centre for Civil, Political and Social Rights"],
        ),
        (
            "Permanent Mission of Octava to the United Nations:",
            ["Permanent Mission of Octava to the United Nations"],
        ),
        ("*Forum for Rights (FFR)*:", ["Forum for Rights (FFR)"]),
        ("*CIVICUS* on behalf of 20 networks:", ["CIVICUS on behalf of 20 networks"]),
        ("منتدى المجتمع المدني:", ["منتدى المجتمع المدني"]),
        ("公民社会论坛:", ["公民社会论坛"]),
    ],
)
def test_askers(written, names):
    (question,) = common_questions(f"1. {written} What will you do?")

    assert [asker.name for asker in question.askers] == names
    assert {asker.label for asker in question.askers} == {""}
    assert question.text == "What will you do?"


@pytest.mark.parametrize(
    "written",
    ["*Ada Lund (Twitter user)*:", "*Ada Lund* (Twitter user):", "Ada Lund (Twitter user):"],
)
def test_a_label_is_no_part_of_a_name(written):
    (question,) = common_questions(f"1. {written} What?")

    assert question.askers == (ParsedAsker("Ada Lund", "Twitter user"),)
    assert question.text == "What?"


def test_labels_of_joint_askers_in_one_span_are_told_apart():
    (question,) = common_questions(
        "1. *Ada Lund (Twitter user) and Jan Berg (via Facebook)*: What?"
    )

    assert question.askers == (
        ParsedAsker("Ada Lund", "Twitter user"),
        ParsedAsker("Jan Berg", "via Facebook"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "What of the freedoms in Octava: will you protect them?",
        "In 2021 – the year of the plan – what did you do?",
        "*Why* did you stand?",
        "We ask this of all States: will you ratify?",
    ],
)
def test_a_question_may_name_nobody(text):
    assert common_questions(f"1. {text}") == (ParsedQuestion(1, (), text),)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("How would the\n\ncandidates answer?", "How would the candidates answer?"),
        ("How would\nthe candidates\nanswer?", "How would the candidates answer?"),
        (
            "Will you answer the\n\nHuman Rights Council?",
            "Will you answer the Human Rights Council?",
        ),
        ("It is so.\n\nWill you act?", "It is so.\n\nWill you act?"),
        ("It is so.\n\n\n \nwill you act?", "It is so.\n\nwill you act?"),
        ("It is “so.”\n\nwill you act?", "It is “so.”\n\nwill you act?"),
        ("Help low-\nincome people?", "Help low-income people?"),
        ("In the term 2022-\n2024 or 2025–\n2027?", "In the term 2022-2024 or 2025–2027?"),
        ("After COVID-\n19. What then?", "After COVID-19. What then?"),
        ("Will you:\n(a) sign;\n(b) ratify.\nWhen?", "Will you:\n(a) sign;\n(b) ratify.\nWhen?"),
        ("Will you:\n\n• sign\n\n• ratify?", "Will you:\n\n• sign\n\n• ratify?"),
        ("Will you:\n- sign;\n- ratify; and\n- act?", "Will you:\n- sign;\n- ratify; and\n- act?"),
        ("Will you:\ni. sign;\nii. ratify?", "Will you:\ni. sign;\nii. ratify?"),
        ("The plan\n– if it is one –\nwill do?", "The plan – if it is one – will do?"),
        ('It\'s ‘one’ and "two" and “three”?', 'It\'s ‘one’ and "two" and “three”?'),
        ("Two  spaces\tand a tab?", "Two spaces and a tab?"),
    ],
)
def test_a_break_is_joined_where_it_cuts_a_sentence_and_kept_where_a_paragraph_ends(written, text):
    questions = common_questions(f"1. *CIVICUS*: {written}\n2. *Ada Lund*: Who?")

    assert [question.text for question in questions] == [text, "Who?"]


def test_a_list_inside_a_question_is_not_counted():
    questions = common_questions(
        "1. *CIVICUS*: Will you:\n(1) sign;\n(2) ratify?\n\n2. *Ada Lund*: Who?"
    )

    assert [question.number for question in questions] == [1, 2]
    assert questions[0].text == "Will you:\n(1) sign;\n(2) ratify?"


def test_a_second_paragraph_that_thanks_does_not_end_the_questions():
    questions = common_questions(
        "1. *CIVICUS*: It is so.\n\nThank you for your pledges. Will you keep them?\n\n"
        "2. *Ada Lund*: We hope so.\n\nWe thank you for coming. Will you act?"
    )

    assert [question.text for question in questions] == [
        "It is so.\n\nThank you for your pledges. Will you keep them?",
        "We hope so.\n\nWe thank you for coming. Will you act?",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Questions for all candidate States",
        "Questions to all candidates:",
        "QUESTIONS FOR ALL CANDIDATE STATES",
        "**Questions posed to all candidate States:**",
        "Common questions",
        "General questions to all States",
        "II. Questions put to every candidate State",
    ],
)
def test_headings_of_the_questions_to_all(heading):
    letter = parse_letter_text(letter_text(common_heading=heading))

    assert [len(letter.own_questions), len(letter.common_questions)] == [1, 2]


@pytest.mark.parametrize(
    "heading",
    [
        "Questions for Octava:",
        "Questions addressed to Octava",
        "Specific questions to Octava",
        "Questions specifically for the Republic of Octava:",
        "Question addressed specifically to Octava",
        "*Questions directed to Octava*",
    ],
)
def test_headings_of_a_states_own_questions(heading):
    letter = parse_letter_text(letter_text(own_heading=heading))

    assert [len(letter.own_questions), len(letter.common_questions)] == [1, 2]


def test_the_questions_to_all_may_come_first():
    swapped = letter_text(own_heading="", own="").replace(
        "We look forward",
        "Questions addressed specifically to Octava\n\n1. *CIVICUS*: Why?\n\nWe look forward",
    )

    letter = parse_letter_text(swapped)

    assert [q.text for q in letter.own_questions] == ["Why?"]
    assert len(letter.common_questions) == 2


@pytest.mark.parametrize("own", [{"own_heading": "", "own": ""}, {"own": "None."}])
def test_a_letter_without_own_questions(own):
    letter = parse_letter_text(letter_text(**own))

    assert letter.own_questions == ()
    assert len(letter.common_questions) == 2


def test_numbers_may_go_on_from_the_section_before():
    questions = common_questions("2. *CIVICUS*: What?\n3. *Ada Lund*: Who?")

    assert [question.number for question in questions] == [2, 3]


@pytest.mark.parametrize(
    ("common", "message"),
    [
        (
            "1. *CIVICUS*: What?\n2. *Ada Lund*: Who?\n4. *Jan Berg*: Why?",
            "Question 3, or a heading, was expected after question 2, but found line 29 "
            "(“4. *Jan Berg*: Why?”).",
        ),
        (
            "1. *CIVICUS*: What?\n1. *Ada Lund*: Who?",
            "Question 2, or a heading, was expected after question 1, but found line 28",
        ),
        ("3. *CIVICUS*: What?", "Question 1 was expected first, but found line 27"),
        ("*CIVICUS*: What?", "A question's number was expected on line 27 (“*CIVICUS*: What?”)."),
        ("What will you do?", "A question numbered 1 was expected after line 25"),
        (
            "1. *CIVICUS*: Will you:\n\n1. sign;\n2. act?",
            "Question 2, or a heading, was expected after question 1, but found line 29 "
            "(“1. sign;”).",
        ),
        (
            "1. *CIVICUS*: What?\n\n*Ada Lund*: Who?",
            "A question's number was expected on line 29 (“*Ada Lund*: Who?”).",
        ),
        (
            "1. *CIVICUS*:\n2. *Ada Lund*: Who?",
            "The text of question 1 was expected on line 27 (“1. *CIVICUS*:”).",
        ),
        (
            "\n".join(f"{n}. *CIVICUS*: What?" for n in range(1, 202)),
            "More than 200 questions were found in one section.",
        ),
    ],
)
def test_questions_that_do_not_add_up_are_refused_with_their_place(common, message):
    with pytest.raises(LetterRefused) as refusal:
        common_questions(common)

    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    "heading",
    [
        "Part I: Questions to Octava",
        "Section A – Questions for Octava",
        "Questions on Octava",
        "Questions concerning Octava:",
        "Country-specific questions",
        "Octava-specific questions",
    ],
)
def test_the_heading_of_the_own_questions_in_other_words(heading):
    letter = parse_letter_text(letter_text(own_heading=heading))

    assert [q.text for q in letter.own_questions] == ["What will Octava do for children?"]


@pytest.mark.parametrize("heading", ["", "What we ask you", "Octava"])
def test_own_questions_without_a_heading_are_refused_not_lost(heading):
    with pytest.raises(LetterRefused) as refusal:
        parse_letter_text(letter_text(own_heading=heading))

    assert str(refusal.value).startswith(
        "A heading such as “Questions addressed specifically to …” was expected before the "
        "question on line 2"
    )


@pytest.mark.parametrize(
    "heading", ["Part II: Questions to all candidate States", "Section B – Questions for all"]
)
def test_the_heading_of_the_questions_to_all_in_other_words(heading):
    assert len(parse_letter_text(letter_text(common_heading=heading)).common_questions) == 2


@pytest.mark.parametrize(
    "heading", ["Questions received after the event", "Follow-up questions:", "On climate"]
)
def test_a_third_list_of_questions_is_refused_not_joined_to_the_second(heading):
    with pytest.raises(LetterRefused) as refusal:
        common_questions(f"1. *CIVICUS*: What?\n\n{heading}\n\n2. *Ada Lund*: Who?")

    assert str(refusal.value) == (
        "Two lists of questions were expected, one to the State and one to all, but another "
        f"heading seems to stand on line 29 (“{heading}”)."
    )


def test_a_short_last_paragraph_of_a_question_is_no_heading():
    text = "It is so.\n\nWill you:\n\n• sign\n\n• ratify"

    first, _second = common_questions(f"1. *CIVICUS*: {text}\n\n2. *Ada Lund*: Who?")

    assert first.text == text
