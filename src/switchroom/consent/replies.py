"""Default texts of the three answers: the one confirmation, help, and welcome back. Data, by language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

ReplyKind = Literal["opt_out", "opt_in", "help"]
Replies = Mapping[str, Mapping[ReplyKind, str]]

MAXIMUM_REPLY: Final = 1600
"""Characters of an own reply; the most that a text message of many parts carries with the usual providers."""


def _texts(opt_out: str, opt_in: str, help: str) -> Mapping[ReplyKind, str]:
    return {"opt_out": opt_out, "opt_in": opt_in, "help": help}


# The confirmation says only that it is done: marketing or questions in it are not allowed everywhere.
DEFAULT_REPLIES: Final[Replies] = {
    "en": _texts(
        "You have been unsubscribed and will receive no more messages. Reply START to receive messages again.",
        "You will receive messages again. Reply HELP for help or STOP to end.",
        "Reply STOP to receive no more messages. A member of our team will answer your question.",
    ),
    "es": _texts(
        "Su baja se ha registrado y no recibira mas mensajes. Responda START para volver a recibirlos.",
        "Volvera a recibir mensajes. Responda AYUDA para ayuda o ALTO para terminar.",
        "Responda ALTO para no recibir mas mensajes. Nuestro equipo contestara su pregunta.",
    ),
    "fr": _texts(
        "Votre demande est enregistrée : vous ne recevrez plus de messages. Répondez START pour en recevoir de"
        " nouveau.",
        "Vous recevrez de nouveau des messages. Répondez AIDE pour de l'aide ou ARRET pour arrêter.",
        "Répondez ARRET pour ne plus recevoir de messages. Notre équipe répondra à votre question.",
    ),
    "de": _texts(
        "Sie sind abgemeldet und erhalten keine Nachrichten mehr. Antworten Sie START, um sie wieder zu erhalten.",
        "Sie erhalten wieder Nachrichten. Antworten Sie HILFE für Hilfe oder STOPP zum Beenden.",
        "Antworten Sie STOPP, um keine Nachrichten mehr zu erhalten. Unser Team beantwortet Ihre Frage.",
    ),
    "it": _texts(
        "La disiscrizione è registrata: non riceverà altri messaggi. Risponda START per riceverli di nuovo.",
        "Riceverà di nuovo i messaggi. Risponda AIUTO per assistenza o STOP per terminare.",
        "Risponda STOP per non ricevere altri messaggi. Il nostro team risponderà alla sua domanda.",
    ),
    "pt": _texts(
        "O seu pedido foi registado e não receberá mais mensagens. Responda START para voltar a recebê-las.",
        "Voltará a receber mensagens. Responda AJUDA para ajuda ou PARAR para terminar.",
        "Responda PARAR para não receber mais mensagens. A nossa equipa responderá à sua pergunta.",
    ),
    "nl": _texts(
        "U bent afgemeld en ontvangt geen berichten meer. Antwoord START om ze weer te ontvangen.",
        "U ontvangt weer berichten. Antwoord HULP voor hulp of STOP om te stoppen.",
        "Antwoord STOP om geen berichten meer te ontvangen. Ons team beantwoordt uw vraag.",
    ),
    "sv": _texts(
        "Du är avregistrerad och får inga fler meddelanden. Svara START för att få dem igen.",
        "Du får meddelanden igen. Svara HJÄLP för hjälp eller STOPP för att avsluta.",
        "Svara STOPP för att inte få fler meddelanden. Vårt team svarar på din fråga.",
    ),
    "pl": _texts(
        "Rezygnacja przyjęta, nie będziemy wysyłać więcej wiadomości. Odpowiedz START, aby je znów otrzymywać.",
        "Znów będziesz otrzymywać wiadomości. Odpowiedz POMOC lub STOP, aby zakończyć.",
        "Odpowiedz STOP, aby nie otrzymywać więcej wiadomości. Nasz zespół odpowie na pytanie.",
    ),
    "ru": _texts(
        "Вы отписаны и больше не будете получать сообщения. Ответьте START, чтобы получать их снова.",
        "Вы снова будете получать сообщения. Ответьте ПОМОЩЬ или СТОП, чтобы прекратить.",
        "Ответьте СТОП, чтобы больше не получать сообщения. Мы ответим на ваш вопрос.",
    ),
    "zh": _texts(
        "您已退订，将不再收到短信。回复 START 可重新接收。",
        "您将重新收到短信。回复 帮助 获取帮助，回复 TD 退订。",
        "回复 TD 退订。我们的同事会回答您的问题。",
    ),
}
