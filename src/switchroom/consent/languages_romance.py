"""Opt-out, help and start words of Spanish, French, Italian and Portuguese, as data."""

from __future__ import annotations

from typing import Final

from switchroom.consent.languages import Language

SPANISH: Final = Language(
    "es",
    stop="alto, parar, pare, para, paren, detener, detente, detenga, detengan, deten, cancelar, cancela, cancele, baja,"
    " dar de baja, darme de baja, deme de baja, terminar, termina, fin, finalizar, basta, ya basta, eliminar, elimina,"
    " eliminame, borrar, borrame, borreme, salir, suspender, desuscribir, desuscribirse, desuscribirme, desuscribeme,"
    " desinscribir, anular, remover, quitar, remueveme, no mas, stop, bajas, anular suscripcion, cancelar suscripcion,"
    " darse de baja, alto por favor, no molestar, no molesten",
    help="ayuda, ayudame, ayudeme, informacion de ayuda, necesito ayuda",
    start="iniciar, inicio, inicia, comenzar, empezar, empieza, alta, suscribir, suscribirme, reanudar, activar",
    yes="si",
    review="no gracias, no, adios, numero equivocado, no me interesa, no estoy interesado, no estoy interesada, chao",
    polite="por favor porfavor porfa favor gracias muchas ya ahora mismo hola senor senores ustedes inmediatamente"
    " buenos dias buenas tardes de una vez quiero quisiera deseo le les pido inmediato muy amables amable esto",
    classes={
        "neg": "no nunca jamas tampoco",
        "more": "mas",
        "want": "quiero quisiera deseo necesito queremos deseamos autorizo interesa autorice acepto",
        "recv": "recibir recibirlos recibirlas recibiendo tener que",
        "send": "envien envie envies enviarme mandarme mande manden mandes escriban escriba escribas escribirme llamen"
        " llame llames llamarme contacten contacte contactarme contactes molesten moleste molestarme molestes texteen"
        " contactado contactada enviando mandando escribiendo llamando molestando enviarnos mandarnos enviandome"
        " mandandome envieis mandeis enviar mandar contactando notifiquen textear texteando enviarle enviarles"
        " mensajear molestar fastidiar",
        "msg": "mensaje mensajes mensajitos sms texto textos correos correo notificacion notificaciones publicidad"
        " promociones avisos alertas recordatorios llamadas whatsapp ofertas propaganda spam emails mail mails boletin",
        "stop": "deja dejad dejen deje dejar paren pare parar para detengan detenga detener cesen cesar basta alto"
        " stop cancelen cancelar"
        " cancele suspendan suspender suspenda desactivar desactiven terminen eviten",
        "unsub": "desuscribirme desuscribeme desuscribanme desuscribir desuscribirse desuscribame desinscribirme"
        " desubscribirme",
        "remove": "borren borre borrar borra eliminen elimine eliminar elimina quiten quite quitar quita saquen"
        " saque sacar remuevan remueva"
        " remover retiren supriman suprimir saquenme quitenme borrenme borreme eliminenme elimineme eliminame"
        " borrame quitame quiteme"
        " saqueme sacame remuevanme olviden retirenme bloqueen retirar",
        "me": "me nos le les lo se te",
        "mine": "numero lista listas telefono nombre datos contacto contactos celular movil base registro registros",
        "reply": "responde responda envia envie conteste contesta escriba escribe mande manda texto responder"
        " responde a",
        "biz": "pedido pedidos cita citas orden reserva reservacion pago pagos envio envios entrega factura"
        " facturas cuenta tarjeta vuelo"
        " paquete compra compras seguro contrato servicio coche dinero repartidor tecnico autobus",
        "ask": "como cuando donde cual quien cuanto",
    },
    idioms="de baja, dar de baja, darme de baja, denme de baja, deme de baja, dame de baja, quiero la baja, no me"
    " molesten,"
    " no me molesten mas, no molestar, dejenme en paz, dejeme en paz, dejame en paz, dejar de recibir, dejar de"
    " recibirlos,"
    " ya no quiero recibir, no quiero mas, no deseo mas, olviden mi numero, borrenme, eliminenme, quitenme de,"
    " saquenme de,"
    " borrame de, eliminame de, sacame de, quitame de, remuevanme, no me contacten, no me contacte, basta ya, no"
    " mas mensajes, cancelar la suscripcion a mensajes, cancelar suscripcion a sms",
    doubts="numero equivocado, no soy esa persona, no me interesa, cancelar suscripcion, cancelar mi suscripcion,"
    " vayanse, metanselo, no quiero nada,"
    " los voy a denunciar, no se quien es",
)

FRENCH: Final = Language(
    "fr",
    stop="arret, arreter, arretez, arrete, stop, desabonner, desabonnement, desinscrire, desinscription,"
    " desinscrivez moi, desabonnez moi,"
    " annuler, fin, quitter, retirer, retrait, supprimer, cesser, cessez, terminer, stop sms, stop svp, stop pub,"
    " me desabonner,"
    " me desinscrire, se desabonner, refus, finir, arretez svp, ca suffit",
    help="aide, aidez moi, besoin d aide, aide moi, a l aide",
    start="debut, commencer, demarrer, ouvrir, abonner, reprendre, reabonner, inscrire, inscription, redemarrer,"
    " marche, activer",
    yes="oui",
    review="non, non merci, au revoir, adieu, mauvais numero, pas interesse, pas interessee, erreur de numero,"
    " foutez le camp, degage",
    polite="s il vous plait svp merci bien beaucoup maintenant bonjour bonsoir madame monsieur immediatement tout"
    " de suite je veux voudrais"
    " souhaite stp te plait d avance cordialement urgent aimerais vous demande prie ca cela",
    classes={
        "neg": "ne n pas jamais",
        "more": "plus davantage",
        "want": "veux voudrais souhaite desire veut voulons souhaitons aimerais veus accepte autorise",
        "recv": "recevoir etre recevoirs avoir reçevoir",
        "send": "envoyez envoyer envoie envoyé envoyes ecrivez ecrire contactez contacter contacte appelez appeler"
        " derangez deranger textez texter"
        " harcelez harceler embetez sollicitez solliciter contactee spammez spammer ecris envoi importunez envoies"
        " contactes relancez",
        "msg": "message messages sms textos texto pub pubs publicite publicites mail mails courriel courriels"
        " notification notifications rappels"
        " alertes promotions promos offres infolettre infolettres newsletter newsletters demarchage prospection"
        " appels spam mms",
        "stop": "arretez arreter arrete arret cessez cesser cesse stop stoppez stopper stoppe terminez finissez"
        " annulez annuler suspendez",
        "unsub": "desabonnez desabonner desabonnement desabonne desinscrire desinscrivez desinscription desinscris"
        " desabonnes",
        "remove": "supprimez supprimer supprime effacez effacer efface retirez retirer retire enlevez enlever"
        " enleve radiez rayez oter otez oubliez sortez bloquez",
        "me": "m me nous moi lui",
        "mine": "moi numero liste listes telephone nom coordonnees donnees contacts contact fichier fichiers num"
        " base cellulaire portable",
        "reply": "repondez repondre envoyez envoyer envoie textez tapez repond",
        "biz": "commande commandes rendez rdv rendezvous reservation paiement livraison colis facture compte carte"
        " vol abonnement billet assurance contrat"
        " commander livreur bus technicien virement",
        "ask": "pourquoi comment quand ou quel quelle qui combien",
    },
    idioms="ne plus recevoir, plus recevoir de, plus de messages, plus de sms, plus de texto, plus de textos, plus"
    " de pub, ne plus etre contacte,"
    " ne plus etre contactee, laissez moi tranquille, laisse moi tranquille, fichez moi la paix, foutez moi la"
    " paix, me desabonner,"
    " me desinscrire, desinscrivez moi, desabonnez moi, retirez moi, enlevez moi, supprimez moi,"
    " effacez moi, rayez moi, ne pas me contacter, ne me contactez pas, opposition a la prospection, je m oppose,"
    " lachez moi, revoque mon consentement, retire mon consentement",
    doubts="mauvais numero, pas interesse, pas interessee, pas le bon numero, erreur de numero, je ne vous connais"
    " pas, annuler mon abonnement,"
    " annulez mon abonnement, signaler, porter plainte",
)

ITALIAN: Final = Language(
    "it",
    stop="stop, ferma, fermare, fermate, fermati, annulla, annullare, cancella, cancellami, cancellarmi,"
    " cancellare, disiscrivi, disiscrivimi, disiscrivermi,"
    " disiscrizione, disattiva, disattivare, basta, rimuovi, rimuovimi, rimuovetemi, esci, termina, terminare,"
    " smettila, smettetela, basta cosi, cancellatemi, cessa",
    help="aiuto, aiutami, assistenza, ho bisogno di aiuto",
    start="avvia, inizia, iniziare, iscrivimi, attiva, riprendi, iscrizione, iscriviti",
    yes="si",
    review="no, no grazie, addio, arrivederci, numero sbagliato, non sono interessato, non sono interessata, non"
    " mi interessa, ha sbagliato numero",
    polite="per favore piacere grazie mille ora adesso subito ciao salve buongiorno buonasera vi prego cortesia"
    " cortesemente immediatamente voglio vorrei gentilmente",
    classes={
        "neg": "non nessun niente mai basta no",
        "more": "piu altri altre ulteriori ulteriore",
        "want": "voglio vorrei desidero vogliamo intendo autorizzo",
        "recv": "ricevere ricevere ricevervi riceverli essere avere",
        "send": "inviatemi inviarmi inviate invii inviare mandatemi mandarmi mandate mandare scrivetemi scrivermi"
        " scrivete chiamatemi chiamarmi chiamate contattatemi"
        " contattarmi contattate disturbatemi disturbarmi disturbate contattato contattata mandi scriva chiami"
        " contatti disturbi mandarci inviarci mandino spammare disturbato",
        "msg": "messaggi messaggio sms messaggini pubblicita email mail notifiche promozioni avvisi promemoria"
        " chiamate telefonate offerte newsletter spam whatsapp",
        "stop": "smettete smettetela smetti smettila smetta smettere basta stop fermate fermare fermi interrompete"
        " interrompere cessate sospendete sospendere finitela terminate bloccate",
        "unsub": "disiscrivermi disiscrivetemi disiscrivimi disiscrizione disiscrivere cancellatemi disabbonarmi",
        "remove": "cancellate cancellare cancella cancelli rimuovete rimuovere rimuovi rimuova togliete togliere"
        " togli toglietemi toglimi rimuovetemi eliminate eliminare elimina eliminatemi"
        " cancellami cancellarmi levatemi levate dimenticate",
        "me": "mi ci mio me",
        "mine": "numero lista elenco nome dati contatti contatto telefono rubrica cellulare recapito recapiti database",
        "reply": "rispondi rispondere rispondete invia inviare scrivi manda",
        "biz": "ordine ordini appuntamento prenotazione pagamento consegna pacco fattura conto carta volo"
        " abbonamento biglietto contratto treno autobus bolletta tecnico",
        "ask": "come quando dove perche chi quale quanto",
    },
    idioms="non voglio piu ricevere, non voglio ricevere, lasciatemi in pace, lasciami in pace, lasciatemi stare,"
    " lasciami stare, niente piu messaggi,"
    " basta messaggi, basta sms, cancellate il mio numero, cancellatemi, non contattatemi, non contattatemi piu,"
    " revoco il consenso, revoco il mio consenso, toglietemi dalla lista, rimuovetemi dalla lista, non disturbare",
    doubts="numero sbagliato, non mi interessa, non sono interessato, non sono interessata, annullare abbonamento,"
    " avete rotto, vaffanculo, chi siete",
)

PORTUGUESE: Final = Language(
    "pt",
    stop="parar, pare, para, parem, sair, cancelar, cancela, cancele, cancelem, remover, remova, descadastrar,"
    " descadastre, descadastro, encerrar, fim, terminar, excluir, basta,"
    " chega, stop, desinscrever, desinscrever me, remova me, anular, nao quero, nao quero mais, retirar, me"
    " remova, me descadastre, me tire",
    help="ajuda, ajudem, socorro, preciso de ajuda, me ajude",
    start="iniciar, comecar, inicio, voltar, assinar, inscrever, ativar, retomar",
    yes="sim",
    review="nao, nao obrigado, nao obrigada, adeus, tchau, numero errado, nao tenho interesse, engano, nao estou"
    " interessado, sem interesse",
    polite="por favor pf pfv obrigado obrigada agora ja imediatamente ola oi bom dia boa tarde noite de receber"
    " quero gostaria favor gentileza faz se urgente",
    classes={
        "neg": "nao n nunca jamais nem sem",
        "more": "mais",
        "want": "quero queremos desejo gostaria preciso aceito autorizo pretendo",
        "recv": "receber recebendo ser ter",
        "send": "envie enviem enviar enviando mande mandem mandar mandando escrevam escreva ligue liguem ligar"
        " contactem contacte contatem contate contactar contatar perturbem"
        " perturbe incomodem incomode incomodar contactado contatado contatada mandarem enviarem enche encham"
        " envia manda mandei importunem",
        "msg": "mensagem mensagens sms msg msgs torpedo torpedos email emails notificacao notificacoes propaganda"
        " propagandas publicidade promocoes avisos lembretes ligacoes ofertas spam whatsapp zap",
        "stop": "parem pare parar para cessem cesse chega basta stop cancelem cancele cancelar suspendam suspender"
        " encerrem deixem deixe interrompam interromper",
        "unsub": "descadastrar descadastre descadastrem descadastramento desinscrever descadastro desinscricao"
        " desinscrevam",
        "remove": "remova removam remover retire retirem retirar tire tirem tirar exclua excluam excluir apague"
        " apaguem apagar elimine eliminem eliminar delete deletem deletar bloqueie esquecam esqueca",
        "me": "me nos mim",
        "mine": "numero lista telefone nome dados contato contacto contatos contactos cadastro celular telemovel"
        " meunumero cel fone",
        "reply": "responda responder responde envie digite mande escreva envia",
        "biz": "pedido pedidos consulta encomenda reserva pagamento entrega fatura conta cartao voo assinatura"
        " compra bilhete contrato passagem boleto onibus plano tecnico",
        "ask": "como quando onde porque qual quem quanto",
    },
    idioms="nao quero receber, nao quero mais receber, deixem me em paz, deixe me em paz, me deixem em paz, me"
    " deixe em paz, me deixa em paz, me tira da lista, me tire da lista, me tirem da lista, me remova,"
    " me removam, me exclua, me descadastre, sair da lista, pare de me mandar, parem de me mandar, chega de"
    " mensagens, sem mais mensagens, nao me mandem, nao me mande, nao perturbe, revogo o consentimento, nao me"
    " ligue",
    doubts="numero errado, foi engano, nao tenho interesse, nao me interessa, cancelar assinatura, vou denunciar,"
    " nao conheco",
)

ROMANCE: Final = (SPANISH, FRENCH, ITALIAN, PORTUGUESE)
