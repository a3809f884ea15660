"""Words that many stories share and that therefore tell little: those of the language, and those of the trade.

English, Spanish, French, German and Arabic. In other languages the week's own stories show which words are common.
"""

from __future__ import annotations

from digest.edit.words import stems

_OF_THE_LANGUAGE = """
the a an and or but nor of in on at to for from by with without within into onto over under about after before between
through during against among as than then that this these those there here it its he him his she her hers they them
their theirs we us our you your i me my who whom whose which what when where why how if while because so such not no
yes any all each every both few more most much many other another some same own only just also even still too very
is are was were be been being am has have had having do does did doing done will would shall should can could may might
must say says said saying told tell tells asked ask asks added one ones first last next new old out up down off again
once back now never ever yet ago since until nearly almost around later earlier ahead near away
year years month months week weeks day days night morning afternoon evening today yesterday tomorrow hour hours time
people man men woman women make makes made get gets got go goes went take takes took taken give gives gave come comes
came use used keep keeps put set like well way part part number
el la los las un una unos unas y o ni de del al a en con sin por para sobre tras entre desde hasta contra segun que como
cuando donde quien cual cuyo se su sus le les lo me mi nos no si ya muy mas menos tambien pero porque este esta estos
estas ese esa aquel hay ha han habia fue fueron era eran ser es son esta estan estaba dijo dice segun ano anos mes dia
dias semana hoy ayer dos primero
le la les un une des du de d l et ou ni au aux a en dans par pour sur sous sans avec entre vers chez contre selon que
qui quoi dont ou quand comme se sa son ses leur leurs il elle ils elles on nous vous je ce cet cette ces ne pas plus
moins aussi mais est sont etait ete etre avait ont a avoir sera fait dit an ans mois jour jours semaine hier
der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine von vom zu zum zur in im ins an
am auf aus bei mit nach seit uber unter vor fur gegen um durch ohne bis als wie wenn weil dass ob wo wer was er sie es
wir ihr ihre ihren sein seine seinen sich ist sind war waren wird werden wurde wurden worden hat haben hatte hatten kann
muss musse sagte sagt so auch noch nur schon mehr sehr dann jahr jahre jahren monat tag tage woche
في من على الى عن مع بعد قبل بين دون ضد حتى منذ عند لدى خلال حول تحت فوق ان انها انه التي الذي الذين هذا هذه ذلك تلك
كما لم لن لا ما قد كان كانت وكان وكانت هو هي هم او ثم لان قال قالت وقال وقالت وهو وهي يوم سنة سنوات شهر اسبوع
"""

_OF_THE_TRADE = """
court courts courthouse judge judges justice justices jury jurors trial case cases law laws lawyer lawyers attorney
attorneys prosecutor prosecutors defense defendant plaintiff plaintiffs lawsuit suit sue sues sued complaint charge
charges charged arrest arrested accused accuse plead pleaded guilty convicted conviction acquitted verdict sentence
sentenced sentencing prison jail bail appeal appeals appealed ruled ruling rule rules decision decided order ordered
hearing argument arguments opinion wrote write majority dissent unanimous panel supreme superior federal state states
county city town district department office official officials police sheriff officer council commission commissioner
commissioners board mayor governor senator lawmakers legislature bill vote voted votes public agency company companies
school university hospital million billion dollars percent according announced statement spokesman spokeswoman
upheld overturned dismissed filed block blocked blocks stop stopped halt agree agreed agreement settlement settle pay
pays paid award awards awarded fine fined fee fees tax money plan plans decide decides approve approved support monday
tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
november december north south east west street road route avenue house home local report reports reported found find
finds call called calls want wants wanted help helped start started end ended begin began open opened close closed
expected including several hundreds thousands dozens half third second term served serve residents neighbors family
families children parents student students worker workers owner owners president director chief leader union
tribunal juez jueza jueces magistrada audiencia sentencia fallo recurso fiscalia fiscal condena condenado condenada
demanda multa ley ayuntamiento ciudad pueblo alcalde millones euros martes lunes miercoles jueves viernes sabado domingo
vecinos empresa director directora agencia decision policia
tribunal juge juges cour procureur procureure parquet condamne condamnee condamnation appel jugement proces avocat
amende prison sursis maire ville prefecture millions euros lundi mardi mercredi jeudi vendredi samedi dimanche
entreprise societe police loi
gericht richter richterin urteil klage staatsanwaltschaft staatsanwalt staatsanwaltin anklage angeklagte verteidiger
verurteilt berufung stadt burgermeister burgermeisterin rat stadtrat euro millionen polizei gesetz montag dienstag
mittwoch donnerstag freitag samstag sonntag verwaltungsgericht amtsgericht entschied
محكمة قاض قاضية قاضي حكم قضاء استئناف ادارية بلدية مدينة شركة مليون دينار رئيس مدير قانون قرار وزارة
اثنين ثلاثاء اربعاء خميس جمعة سبت احد
"""

OF_THE_LANGUAGE = frozenset(stems(_OF_THE_LANGUAGE))
"""Stems that tell nothing."""
OF_THE_TRADE = frozenset(stems(_OF_THE_TRADE)) - OF_THE_LANGUAGE
"""Stems that many stories about courts and towns have."""
