"""Surnames that many people have, of which a word alone is one's name: a small list of our own, of facts.

The most frequent ones of France and its neighbours, without those that are trades, towns or brands.
"""

from .text import word_set

COMMON = word_set(
    """
    adam albert andre antoine arnaud aubert aubry bailly barbier baron barre barthelemy bastien baudin beaumont benard
    benoit bernard berthelot berthier bertin bertrand besnard besson bigot blanc blanchard blanchet blin blondel
    bodin bonneau bonnet bouchet boulanger boulay bouquet bourdon bourgeois bousquet bouvier boyer breton briand
    brunel brunet buisson camus carlier caron carpentier carre charles charrier charron chartier chauvin clement
    collet collin cordier cornu coste cousin couturier da daniel daudet david delattre delaunay delmas deschamps
    descamps devaux didier dubois duchene dufour duhamel dumas dumont dupont dupre dupuis dupuy durand duval etienne
    fabre faivre faure fernandez ferrand fischer fleury fouquet francois gaillard gallet garcia garnier gaudin gauthier
    gautier georges gerard germain gilbert gilles girard giraud godard gomez gonzalez goncalves gros guerin guichard
    guillaume guillemin guillet guillot guyot hamel hamon hebert henry herve hoareau hubert huet humbert jacob jacquet
    jacques jacquot joly joubert julien klein labbe lacombe lacroix lambert laurent lebon lebrun leblanc lecomte
    ledoux lefebvre lefevre legrand lejeune lemaire lemaitre lemoine leroux leroy lesage leveque levy lopez louis lucas
    maillard mallet marechal marie martel martin martinez marty masson mathieu menard mercier meyer michaud michel
    millet monnier moreau morel moreno morin morvan muller navarro neveu nguyen nicolas noel olivier ollivier parent
    pascal pasquier paul payet pelletier perez perret perrier perrin perrot petit philippe pichon pierre pineau poirier
    poulain prevost rault raymond regnier remy renard renaud renault rey reynaud richard rigaud robert robin roche
    rodriguez roger rolland rossi rousseau roussel roux roy royer salmon sanchez sauvage schmitt schneider simon
    tessier thomas tanguy tran turpin vallee vasseur verdier vidal vincent voisin wagner weber
    bauer becker braun fuchs hartmann hoffmann huber kaiser kaufmann keller koch kraus kruger krause lang lehmann maier
    mayer meier neumann peters richter schafer schmid schmidt schroder schulz schwarz steiner vogel walter werner wolf
    zimmermann
    claes degroote devos dewitte jacobs janssens lambrechts leclercq maes mertens peeters vandenberghe vermeulen willems
    aebi baumann brunner burri favre frei gerber graf kunz moser rochat roth studer suter widmer wyss
    bianchi bruno colombo conti costa esposito ferrari ferraro fontana gallo giordano greco lombardi mancini marino
    moretti rizzo romano russo santoro
    alvarez diaz dominguez gil hernandez jimenez molina moreno ortega ortiz ramirez ramos romero rubio ruiz santos
    torres vazquez
    almeida carvalho fernandes ferreira gomes lopes machado martins mendes nunes oliveira pereira pinto ribeiro
    rodrigues silva soares sousa teixeira
    anderson bennett campbell clarke collins davies edwards evans griffiths hughes jackson jenkins johnson lewis
    morgan morris murphy owen parker phillips reynolds roberts robinson stewart taylor thompson watson wilkinson
    williams wilson
    benali benamar bouaziz diallo haddad hadj kone traore
    """
)
