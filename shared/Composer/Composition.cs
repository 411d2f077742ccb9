namespace Platform.Composer;

/// <summary>One candidate: a plan, its colours, the family's art, and the words.</summary>
internal sealed class Composition(Brief brief, IFamily family, Pcg32 dice)
{
    private readonly Palette _palette = brief.Palette;
    private readonly ScoreWriter _score = new();

    public Score Compose()
    {
        var face = dice.Weighted(20, 14, 12, 18, 14, 12, 0);
        var plan = Layout.Choose(brief, family, face, dice);
        var whole = plan.Art == Zone.Whole;
        var lies = plan.Panel is not null || !whole;
        var canvas = lies ? ChooseGround(-1, legible: true) : -1;
        var ground = ChooseGround(canvas, legible: false);
        var scheme = Scheme.On(_palette, ground, dice, dice.Between(3, 5), canvas);

        _score.Reserve += plan.Echo is null ? 0 : 24;
        if (!whole)
        {
            _score.Frame(Zone.Whole);
            _score.Fill(canvas);
        }

        // Under a label only a fine pattern still shows what it is.
        Draw(plan.Art, plan.Clip, scheme, plan.Panel is null ? brief.Density : Math.Max(brief.Density, 2));
        if (plan.Echo is { } echo)
        {
            DrawEcho(echo, scheme);
        }

        WriteWords(plan, face, canvas < 0 ? ground : canvas);
        return _score.ToScore();
    }

    private void Draw(Zone zone, Clip clip, Scheme scheme, int density)
    {
        _score.Frame(zone, clip);
        _score.Fill(scheme.Ground);
        family.Compose(new(dice, zone, scheme, density, brief.Energy, _score, clip is Clip.Ellipse or Clip.Door));
    }

    // A strip of the same colours in the plainest of patterns, to set the hero off.
    private void DrawEcho(Zone zone, Scheme scheme)
    {
        var upright = zone.Height > zone.Width;
        var ground = scheme.Star;
        var mark = scheme.Apart(ground);
        _score.Frame(zone);
        _score.Fill(ground);
        switch (dice.Below(4))
        {
            case 0:
                _score.Raw(RowType.Dots, mark, upright ? 2 : 10, upright ? 10 : 2, 132, 0);
                break;
            case 1:
                _score.Raw(RowType.Stripes, mark, 4, 0, 120, 0, Scale.Turn(upright ? 90 : 0));
                break;
            case 2:
                for (var i = 0; i < 20; i++)
                {
                    _score.Tile(Motifs.Diagonal, upright ? i % 2 * 24 : i / 2 * 24, upright ? i / 2 * 24 : i % 2 * 24, 24, ground, mark, mark, i % 2);
                }

                break;
            default:
                var (one, two, turn) = (
                    dice.Pick(Motifs.Vesica, Motifs.QuarterDisc, Motifs.HalfDisc, Motifs.QuarterBands3),
                    dice.Pick(Motifs.Vesica, Motifs.QuarterDisc, Motifs.Disc), dice.Below(4));
                for (var i = 0; i < 5; i++)
                {
                    _score.Tile(
                        i % 2 == 0 ? one : two,
                        upright ? 0 : i * 48, upright ? i * 48 : 0, 48, ground, mark, scheme.Apart(ground, mark), i + turn);
                }

                break;
        }
    }

    private void WriteWords(Plan plan, int face, int ground)
    {
        if (brief.Headline is null && brief.Line is null && brief.Wordmark is null)
        {
            return;
        }

        if (plan.Panel is { } panel)
        {
            _score.Frame(panel, plan.PanelClip);
            _score.Fill(ground);
        }

        var plain = _palette.InkOn(ground);
        var lively = dice.Chance(0.3) ? _palette.LivelyInkOn(ground) ?? plain : plain;
        if (plan.Type is { } box && (brief.Headline is not null || brief.Line is not null))
        {
            _score.Raw(RowType.Type, lively, box.Left, box.Top, box.Width, box.Height, (byte)face,
                (byte)((int)plan.TypePlace | (plain << 3)));
        }

        if (plan.Mark is { } mark && brief.Wordmark is not null)
        {
            _score.Raw(RowType.Mark, plain, mark.Left, mark.Top, mark.Width, mark.Height,
                (byte)Typefaces.Face(face).Companion, (byte)plan.MarkPlace);
        }
    }

    /// <summary>Grounds differ from picture to picture, most of them quiet.</summary>
    private int ChooseGround(int apartFrom, bool legible)
    {
        ReadOnlySpan<Role> roles =
            [Role.Background, Role.Field, Role.Primary, Role.Secondary, Role.Accent, Role.Highlight, Role.Ink, Role.Paper];
        Span<double> weights = [34, 16, 16, 9, 5, 8, 9, 6];
        for (var i = 0; i < weights.Length; i++)
        {
            var slot = (int)roles[i];
            // Neon is an accent; as a wall it shouts.
            weights[i] *= _palette.Lab(slot).Chroma > 0.19 ? 0.4 : 1;
            var mute = legible && _palette.Contrast(_palette.InkOn(slot), slot) < 4.5;
            if (mute || (apartFrom >= 0 && _palette.Distance(slot, apartFrom) < 0.13))
            {
                weights[i] = 0;
            }
        }

        return (int)roles[dice.Weighted(weights)];
    }

}
