using SkiaSharp;

namespace Platform.Composer;

internal sealed partial class Painter
{
    private void DrawObject(Row row)
    {
        var (main, detail) = Cabinet.Of(row.H);
        using (main)
        using (detail)
        {
            var scale = SKMatrix.CreateScale(Size(row.W), Size(row.W));
            main.Transform(scale);
            PlaceAt(main, row);
            Cover(main, row);
            if (detail is not null && Shading.ToneOf(row.Shading) != Tone.Fade)
            {
                detail.Transform(scale);
                PlaceAt(detail, row);
                CoverSide(detail, row.Slot, row.Shading);
            }
        }
    }
}
