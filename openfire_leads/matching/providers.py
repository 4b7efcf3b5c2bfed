"""Mail providers, where anybody can have a mailbox: the domain says nothing about the person."""

import re

from .text import word_set

# the large ones: a slip in one of their names is mended
LARGE = word_set(
    """
    gmail.com hotmail.com hotmail.fr hotmail.co.uk outlook.com outlook.fr live.com live.fr msn.com
    yahoo.com yahoo.fr yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com aol.fr orange.fr
    wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr laposte.net numericable.fr club-internet.fr
    cegetel.net noos.fr aliceadsl.fr voila.fr gmx.com gmx.fr gmx.de web.de t-online.de mail.com
    email.com protonmail.com proton.me pm.me mail.ru yandex.ru bluewin.ch skynet.be telenet.be
    libero.it btinternet.com comcast.net verizon.net att.net hotmail.be outlook.be
    """
)
_OTHERS = word_set(
    """
    9online.fr alice.fr alsatis.net calixo.net caramail.com caramail.fr cario.fr dartybox.com estvideo.fr evc.net
    freesbee.fr infonie.fr libertysurf.fr mageos.com mailo.com mediaserv.net netc.fr netcourrier.com nordnet.fr
    ozone.net sfr.net tele2.fr vialis.net worldonline.fr
    base.be belgacom.net brutele.be pandora.be proximus.be scarlet.be tvcablenet.be voo.be
    bluemail.ch citycable.ch hispeed.ch netplus.ch protonmail.ch sunrise.ch swissonline.ch vtxnet.ch
    internet.lu pt.lu vo.lu
    arcor.de email.de freenet.de kabelmail.de magenta.de mailbox.org online.de posteo.de unitybox.de vodafone.de
    vodafonemail.de a1.net aon.at chello.at
    casema.nl hetnet.nl home.nl kpnmail.nl planet.nl quicknet.nl tele2.nl upcmail.nl xs4all.nl ziggo.nl zonnet.nl
    alice.it email.it fastwebnet.it inwind.it iol.it tin.it tiscali.it virgilio.it
    movistar.es ono.com sapo.pt telefonica.net terra.es
    blueyonder.co.uk ntlworld.com sky.com talktalk.net tiscali.co.uk virginmedia.com
    bell.net bellsouth.net charter.net cox.net earthlink.net frontier.com optonline.net rogers.com rr.com sbcglobal.net
    shaw.ca sympatico.ca telus.net videotron.ca
    aim.com fastmail.com hey.com inbox.com rocketmail.com tuta.io tutanota.com usa.com windowslive.com zoho.com
    abv.bg bk.ru centrum.cz citromail.hu freemail.hu inbox.lv inbox.ru interia.pl list.ru o2.pl onet.pl op.pl
    rambler.ru seznam.cz ukr.net wp.pl ya.ru
    126.com 139.com 163.com 189.cn foxmail.com hanmail.net naver.com qq.com rediffmail.com sina.cn sina.com sohu.com
    bigpond.com iinet.net.au optusnet.com.au bol.com.br ig.com.br terra.com.br uol.com.br prodigy.net.mx
    eim.ae gnet.tn menara.ma planet.tn topnet.tn
    """
)
PROVIDERS = LARGE | _OTHERS
# those that have a domain in each country, which a slip does not look like
_FAMILY = re.compile(
    r"(?:aol|gmx|googlemail|hotmail|live|msn|outlook|yahoo|yandex|ymail)\."
    r"(?:co(?:m|\.(?:id|il|in|jp|kr|nz|th|uk|za)|m\.(?:ar|au|br|co|hk|mx|my|pe|ph|sg|tr|tw|ua|ve|vn))"
    r"|net|at|be|by|ca|ch|cl|cn|cz|de|dk|es|eu|fi|fr|gr|hu|ie|in|it|jp|kz|lu|nl|no|pl|pt|ro|ru|se|sk|ua|us)"
)


def is_provider(domain):
    """Tell whether ``domain`` is one where anybody may have a mailbox."""
    return domain in PROVIDERS or _FAMILY.fullmatch(domain) is not None
